import { randomUUID } from 'node:crypto';
import { mkdir, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { BlobStore } from '@goalkeeper/platform';
import type { ArtifactStore } from '@goalkeeper/tools';

/** The files of one call: the blob store, and scratch folders that vanish with the call. */
export interface CallFiles {
  readonly artifacts: ArtifactStore;
  /** Removes what the call left in its scratch folders. */
  cleanUp(): Promise<void>;
}

/** How often a scratch folder in use is touched: workers sweep away what nobody touched for a day. */
const TOUCH_MS = 3_600_000;

/** @param scratchDir folder that holds the scratch folders of all calls */
export function createCallFiles(blobs: BlobStore, scratchDir: string): CallFiles {
  const folders: string[] = [];
  let touching: NodeJS.Timeout | undefined;
  return {
    artifacts: {
      async put({ name, mediaType, content }) {
        const { sha256, sizeBytes } = await blobs.put(content);
        return { sha256, name, mediaType, sizeBytes };
      },
      path: (sha256) => blobs.path(sha256),
      async scratch() {
        const folder = join(scratchDir, randomUUID());
        folders.push(folder);
        await mkdir(folder, { recursive: true });
        touching ??= setInterval(() => void touch(folders), TOUCH_MS).unref();
        return folder;
      },
    },
    async cleanUp() {
      clearInterval(touching);
      await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
    },
  };
}

/** A folder that is not there yet, or no more, needs no touch. */
async function touch(folders: readonly string[]): Promise<void> {
  const now = new Date();
  await Promise.allSettled(folders.map((folder) => utimes(folder, now, now)));
}
