#!/usr/bin/env node
/** `npm run bench:round`: builds when something changed, then measures a round of learning. */
import { spawnSync } from 'node:child_process';
import { ensureBuild } from '../../scripts/lib/build-tree.mjs';
import { main } from '../../scripts/lib/main.mjs';

await main(async ({ reporter, signal }) => {
  await ensureBuild(reporter, { signal });
  const { status } = spawnSync(process.execPath, ['dist/benchmarks/learning/round.js', ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  return status ?? 1;
});
