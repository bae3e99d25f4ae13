#!/usr/bin/env node
/**
 * `npm run bench:planning -- DIR [--time-limit 10] [--json]`: runs `goalkeeper plan` on every problem below a folder, one process
 * each, checks every plan once more with `goalkeeper plan check`, and prints a table by domain and problem. In each folder the
 * domain is `domain.hddl` or `domain.pddl`, or `X-domain.hddl` for the problem `X.hddl`. Exit 0 when everything was solved or proved
 * unsolvable, else 1.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, extname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const cli = join(root, 'dist/apps/cli/src/main.js');
const FILE = /\.(hddl|pddl)$/;
const isDomain = (file) => /(^|-)domain\.(hddl|pddl)$/.test(file);
/** A run that does not keep its limit is ended, and counted as not solved. */
const GRACE_MS = 5_000;

/** Pairs of domain and problem below a folder, by path. */
export function findPairs(folder) {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  const files = entries.filter((entry) => entry.isFile() && FILE.test(entry.name)).map(({ name }) => name);
  const common = files.find((file) => /^domain\./.test(file));
  const pairs = files.flatMap((file) => {
    if (isDomain(file)) return [];
    const own = file.replace(FILE, `-domain${extname(file)}`);
    const domain = files.includes(own) ? own : common;
    return domain ? [{ folder, domain: join(folder, domain), problem: join(folder, file) }] : [];
  });
  return [
    ...pairs,
    ...entries.filter((entry) => entry.isDirectory()).flatMap(({ name }) => findPairs(join(folder, name))),
  ];
}

function goalkeeper(args, limitMs) {
  return new Promise((done) => {
    const child = spawn(process.execPath, [cli, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    const told = { out: '', err: '' };
    child.stdout.on('data', (chunk) => (told.out += chunk));
    child.stderr.on('data', (chunk) => (told.err += chunk));
    const timer = setTimeout(() => child.kill('SIGKILL'), limitMs);
    child.on('close', (code) => {
      clearTimeout(timer);
      done({ code, ...told });
    });
  });
}

async function measure(pair, { limit, plan, base }) {
  const files = ['--domain', pair.domain, '--problem', pair.problem];
  const started = performance.now();
  const args = ['plan', ...files, '--time-limit', String(limit), '--output', plan, '--json'];
  const ran = await goalkeeper(args, limit * 1000 + GRACE_MS);
  const seconds = (performance.now() - started) / 1000;
  const told = ran.out.trim() === '' ? {} : JSON.parse(ran.out);
  const isSolved = ran.code === 0;
  const checked = isSolved ? await goalkeeper(['plan', 'check', ...files, '--plan', plan], GRACE_MS * 12) : null;
  return {
    domain: relative(base, pair.folder) || basename(base),
    problem: basename(pair.problem),
    status: ran.code === null ? 'killed' : (told.status ?? told.code ?? `exit ${ran.code}`),
    expansions: told.expansions ?? null,
    seconds: Math.round(seconds * 100) / 100,
    processor: told.processorMs === undefined ? null : Math.round(told.processorMs / 10) / 100,
    planLength: told.planLength ?? null,
    isValid: checked === null ? null : checked.code === 0,
  };
}

const isDone = ({ status, isValid }) => (status === 'solved' && isValid) || status === 'unsolvable';

function table(rows, limit) {
  const cell = (value) =>
    value === null ? '' : typeof value === 'number' ? value.toLocaleString('en') : String(value);
  const valid = ({ isValid }) => (isValid === null ? '' : isValid ? 'yes' : 'NO');
  const lines = [
    '| domain | problem | result | nodes | seconds | of these worked | plan length | valid |',
    '|---|---|---|--:|--:|--:|--:|---|',
  ];
  for (const row of rows) {
    const { domain, problem, status, expansions, seconds, processor, planLength } = row;
    lines.push(
      `| ${[domain, problem, status, cell(expansions), cell(seconds), cell(processor), cell(planLength), valid(row)].join(' | ')} |`,
    );
  }
  lines.push(
    '',
    `| domain | solved, or proved unsolvable, within ${limit} s | nodes, median | seconds, median | of these worked | most |`,
    '|---|--:|--:|--:|--:|--:|',
  );
  for (const domain of new Set(rows.map((row) => row.domain))) {
    const own = rows.filter((row) => row.domain === domain);
    const done = own.filter(isDone);
    const median = (key) => done.map((row) => row[key] ?? 0).sort((a, b) => a - b)[Math.floor(done.length / 2)] ?? null;
    const most = done.length === 0 ? null : Math.max(...done.map(({ processor }) => processor ?? 0));
    lines.push(
      `| ${domain} | ${done.length} of ${own.length} | ${cell(median('expansions'))} | ${cell(median('seconds'))} | ${cell(median('processor'))} | ${cell(most)} |`,
    );
  }
  lines.push(`| all | ${rows.filter(isDone).length} of ${rows.length} | | | | |`);
  return lines.join('\n');
}

async function main() {
  const options = { 'time-limit': { type: 'string', default: '10' }, json: { type: 'boolean', default: false } };
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const limit = Number(values['time-limit']);
  const [folder] = positionals;
  if (!folder || !existsSync(folder) || !(limit > 0)) {
    process.stderr.write('usage: npm run bench:planning -- DIR [--time-limit SECONDS] [--json]\n');
    return 2;
  }
  if (!existsSync(cli)) {
    process.stderr.write('the command line is not built: run npm run build first\n');
    return 2;
  }
  const scratch = mkdtempSync(join(tmpdir(), 'gk-bench-'));
  const rows = [];
  try {
    const context = { limit, plan: join(scratch, 'found.plan'), base: resolve(folder) };
    for (const pair of findPairs(resolve(folder))) {
      rows.push(await measure(pair, context));
      process.stderr.write(`${rows.at(-1).domain}/${rows.at(-1).problem}: ${rows.at(-1).status}\n`);
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  process.stdout.write(
    `${values.json ? JSON.stringify({ limitSeconds: limit, rows }, null, 2) : table(rows, limit)}\n`,
  );
  return rows.length > 0 && rows.every(isDone) ? 0 : 1;
}

process.exitCode = await main();
