#!/usr/bin/env node
/** `npm run bench:recall`: builds when something changed, and measures recall on a PostgreSQL of its own. */
import { spawnSync } from 'node:child_process';
import { ensureBuild } from '../../scripts/lib/build-tree.mjs';
import { main } from '../../scripts/lib/main.mjs';
import { createTestFolder, removeTestFolder, startTestStack } from '../../scripts/lib/test-stack.mjs';

await main(async ({ reporter, signal }) => {
  await ensureBuild(reporter, { signal });
  const folder = await createTestFolder(reporter);
  try {
    const stack = await startTestStack({ folder, reporter, signal });
    const run = spawnSync(process.execPath, ['dist/benchmarks/learning/recall.js'], {
      stdio: 'inherit',
      env: { ...process.env, ...stack.env },
    });
    await stack.stop();
    return run.status ?? 1;
  } finally {
    await removeTestFolder(folder);
  }
});
