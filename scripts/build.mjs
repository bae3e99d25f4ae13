#!/usr/bin/env node
/** `npm run build`: packages when missing, then dist/. `--force` builds even when nothing changed. */
import { ensureBuild } from './lib/build-tree.mjs';
import { main } from './lib/main.mjs';
import { ensurePackages } from './lib/packages.mjs';

await main(async ({ reporter, signal }) => {
  await ensurePackages(reporter, { signal });
  await ensureBuild(reporter, { force: process.argv.includes('--force'), signal });
});
