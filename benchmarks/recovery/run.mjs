#!/usr/bin/env node
/**
 * `npm run bench:recovery`: how goals come through faults of four kinds on the whole running system (tests/e2e/recovery.itest.ts
 * with more goals), as a table.
 *
 *   GOALS=40 SEED=20261123   goals of each kind, and what fixes where the faults are
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const folder = mkdtempSync(join(tmpdir(), 'gk-recovery-report-'));
const report = join(folder, 'seen.jsonl');
const seed = process.env.SEED ?? '20261123';
try {
  const settings = { GK_RECOVERY_GOALS: process.env.GOALS ?? '40', GK_RECOVERY_SEED: seed, GK_RECOVERY_REPORT: report };
  const { status } = spawnSync(process.execPath, [join(root, 'scripts/test.mjs'), 'system', 'tests/e2e/recovery'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, ...settings },
  });
  const seen = existsSync(report)
    ? readFileSync(report, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    : [];
  console.log(`seed ${seed}\n`);
  console.log(
    '| faults | goals | faults injected | noticed | goals hit | recovered | extra calls a fault | doubled effects |',
  );
  console.log('|---|---|---|---|---|---|---|---|');
  for (const { kind, goals, faults, noticed, goalsHit, recovered, extraCalls, doubled } of seen) {
    const share = goalsHit === 0 ? '–' : `${recovered} (${Math.round((100 * recovered) / goalsHit)} %)`;
    const extra = faults === 0 ? '–' : (extraCalls / faults).toFixed(2);
    console.log(`| ${kind} | ${goals} | ${faults} | ${noticed} | ${goalsHit} | ${share} | ${extra} | ${doubled} |`);
  }
  process.exitCode = seen.length === 4 ? (status ?? 1) : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
