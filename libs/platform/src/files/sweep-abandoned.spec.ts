import { randomUUID } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BlobStore } from '../blobs/blob-store';
import { sweepAbandoned } from './sweep-abandoned';

const DAY_MS = 86_400_000;
const NOW = Date.now();

let dir: string;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'gk-sweep-'))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const aged = (path: string, days: number): string => {
  const seconds = (NOW - days * DAY_MS) / 1000;
  utimesSync(path, seconds, seconds);
  return path;
};
const aFile = (name: string, days: number): string => {
  writeFileSync(join(dir, name), 'left behind');
  return aged(join(dir, name), days);
};
const aFolder = (days: number): string => {
  const path = join(dir, randomUUID());
  mkdirSync(join(path, 'spill'), { recursive: true });
  writeFileSync(join(path, 'spill', 'a'), 'x');
  return aged(path, days);
};

describe('sweeping', () => {
  it('removes what was not touched since, and nothing else', async () => {
    const [old, oldFile] = [aFolder(2), aFile(randomUUID(), 2)];
    const kept = [aFolder(0), aFolder(0.9), aFile(randomUUID(), 0), aFile('notes.txt', 9)];
    expect(await sweepAbandoned(dir, NOW - DAY_MS)).toEqual({ removed: 2, problems: [] });
    expect([old, oldFile].map(existsSync)).toEqual([false, false]);
    expect(kept.map(existsSync)).toEqual([true, true, true, true]);
  });

  it('never follows a link out of the folder', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'gk-source-'));
    writeFileSync(join(outside, 'data.csv'), 'a\n1\n');
    const folder = join(dir, randomUUID());
    mkdirSync(folder);
    symlinkSync(outside, join(folder, 'input'));
    aged(folder, 2);
    expect(await sweepAbandoned(dir, NOW - DAY_MS)).toMatchObject({ removed: 1 });
    expect(readdirSync(outside)).toEqual(['data.csv']);
    rmSync(outside, { recursive: true });
  });

  it('has nothing to do where no folder is', async () => {
    expect(await sweepAbandoned(join(dir, 'none'), NOW)).toEqual({ removed: 0, problems: [] });
  });

  it('takes away blobs that never became whole, and no others', async () => {
    const blobs = new BlobStore({ dir });
    const { sha256 } = await blobs.put(Buffer.from('whole'));
    aged(await blobs.path(sha256), 30);
    writeFileSync(join(dir, 'incoming', randomUUID()), 'half');
    const [half = ''] = readdirSync(join(dir, 'incoming'));
    expect(await blobs.sweep(NOW - DAY_MS)).toMatchObject({ removed: 0 });
    aged(join(dir, 'incoming', half), 2);
    expect(await blobs.sweep(NOW - DAY_MS)).toMatchObject({ removed: 1 });
    expect(await blobs.path(sha256)).toContain(sha256);
    expect(readdirSync(join(dir, 'incoming'))).toEqual([]);
  });
});
