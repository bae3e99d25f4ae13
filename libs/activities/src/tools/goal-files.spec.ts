import { existsSync, mkdtempSync, rmSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BlobStore, sweepAbandoned } from '@goalkeeper/platform';
import { createCallFiles } from './goal-files';

const HOUR_MS = 3_600_000;

let dir: string;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'gk-files-'))));
afterEach(() => {
  jest.useRealTimers();
  rmSync(dir, { recursive: true, force: true });
});

it('keeps the scratch folder of a long call from being swept away, and removes it with the call', async () => {
  jest.useFakeTimers({ doNotFake: ['Date', 'setImmediate', 'nextTick', 'queueMicrotask', 'performance'] });
  const files = createCallFiles(new BlobStore({ dir: join(dir, 'blobs') }), dir);
  const folder = await files.artifacts.scratch();
  utimesSync(folder, 0, 0);
  jest.advanceTimersByTime(HOUR_MS);
  for (let turn = 0; turn < 1_000 && statSync(folder).mtimeMs === 0; turn += 1) await new Promise(setImmediate);
  expect(await sweepAbandoned(dir, Date.now() - 24 * HOUR_MS)).toEqual({ removed: 0, problems: [] });
  await files.cleanUp();
  expect([existsSync(folder), jest.getTimerCount()]).toEqual([false, 0]);
});
