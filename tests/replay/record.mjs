#!/usr/bin/env node
/** Records the histories in tests/replay/histories anew on a stack of its own, then replays them: `node tests/replay/record.mjs`, or some of them alone: `… record.mjs cut-off`. */
import { spawnSync } from 'node:child_process';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
const { status } = spawnSync(process.execPath, ['scripts/test.mjs', 'system', 'tests/replay'], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, GK_RECORD_HISTORIES: process.argv.slice(2).join(',') || 'all' },
});
process.exit(status ?? 1);
