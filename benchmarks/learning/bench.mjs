#!/usr/bin/env node
/** `npm run bench:learning`: builds when something changed, then runs the streams. Arguments go through (`--json`). */
import { spawnSync } from 'node:child_process';
import { ensureBuild } from '../../scripts/lib/build-tree.mjs';
import { main } from '../../scripts/lib/main.mjs';

await main(async ({ reporter, signal }) => {
  await ensureBuild(reporter, { signal });
  const { status } = spawnSync(process.execPath, ['dist/benchmarks/learning/main.js', ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  return status ?? 1;
});
