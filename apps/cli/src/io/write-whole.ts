import { renameSync, rmSync, writeFileSync } from 'node:fs';

/** Where a file of this process is written before it takes its name. */
const partOf = (path: string): string => `${path}.${process.pid}.part`;

/** Writes a file whole or not at all: nobody ever sees half of it. */
export function writeWhole(path: string, text: string): void {
  try {
    writeFileSync(partOf(path), text);
    renameSync(partOf(path), path);
  } catch (error) {
    removePart(path);
    throw error;
  }
}

/** Takes away what a thread that was ended in the middle of writing may have left. */
export function removePart(path: string): void {
  rmSync(partOf(path), { force: true });
}
