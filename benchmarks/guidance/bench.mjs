#!/usr/bin/env node
/** `npm run bench:guidance -- [--domain FILE --problems DIR | --generated NAMES] [--placebos 5] [--json]`: builds when something changed. */
import { spawnSync } from 'node:child_process';
import { ensureBuild } from '../../scripts/lib/build-tree.mjs';
import { main } from '../../scripts/lib/main.mjs';

await main(async ({ reporter, signal }) => {
  await ensureBuild(reporter, { signal });
  const args = ['dist/benchmarks/guidance/main.js', ...process.argv.slice(2)];
  return spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1;
});
