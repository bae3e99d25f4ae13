#!/usr/bin/env node
/**
 * `node benchmarks/planning/made/make.mjs DIR [NAME …]`: writes the generated domains, six problems of growing size each, for
 * `npm run bench:planning -- DIR`. The same call writes the same files.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import building from './building.mjs';
import puzzles from './puzzles.mjs';
import serving from './serving.mjs';
import travelling from './travelling.mjs';

const LEVELS = [1, 2, 3, 4, 5, 6];
const [folder, ...wanted] = process.argv.slice(2);
if (!folder) {
  process.stderr.write('usage: node benchmarks/planning/made/make.mjs DIR [NAME …]\n');
  process.exit(2);
}
for (const made of [...serving, ...travelling, ...puzzles, ...building]) {
  if (wanted.length > 0 && !wanted.includes(made.name)) continue;
  const into = join(folder, made.name);
  mkdirSync(into, { recursive: true });
  for (const level of LEVELS) {
    writeFileSync(join(into, `p${level}.hddl`), made.problem(level));
    if (typeof made.domain === 'function') writeFileSync(join(into, `p${level}-domain.hddl`), made.domain(level));
  }
  if (typeof made.domain === 'string') writeFileSync(join(into, 'domain.hddl'), made.domain);
}
