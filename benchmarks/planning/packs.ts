import {
  type DomainPack,
  type Json,
  type ParamDef,
  type Plan,
  planTask,
  type TaskDef,
  validatePlan,
} from '@goalkeeper/domain';
import { builtinPlugins, createToolRegistry } from '@goalkeeper/tools';

/**
 * How long planning takes: every task of the packs that ship, and goals of at least 20 steps made of them. Prints one row each:
 * the time that passed, and the time that the processor worked for it, which alone stays the same where other programs take the
 * processor meanwhile. Ends with 1 when the 95th percentile of the latter is above the limit. Each plan is validated once, outside
 * the measured time.
 */
const LIMIT_MS = 20;
const STEPS = 20;
const WARM_UP = 20;
const RUNS = Number(process.env['RUNS'] ?? 300);

const SAMPLES: Readonly<Record<ParamDef['type'], Json>> = {
  source: 'sample:weather.csv',
  sources: ['sample:weather.csv', 'sample:orders.json'],
  question: 'what is written there',
  duration: 60,
  language: 'python',
  format: 'json',
  column: 'region',
  text: 'some words',
  code: 'print(1)',
  number: 2.5,
  integer: 3,
  url: 'https://example.com/a.csv',
  date: '2026-01-01',
  boolean: true,
  conditions: [{ column: 'region', comparison: 'is', values: ['north'] }],
  list: ['a', 'b'],
  any: 'anything',
};

interface Row {
  readonly what: string;
  readonly steps: number;
  /** Milliseconds, sorted. */
  readonly passed: readonly number[];
  readonly worked: readonly number[];
}

const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

function argsOf({ params }: TaskDef): Record<string, Json> {
  return Object.fromEntries(params.map(({ name, type, default: own }) => [name, own ?? SAMPLES[type]]));
}

function measure(what: string, pack: DomainPack, task: TaskDef): Row | null {
  const request = { name: task.name, args: argsOf(task) };
  const plan = tried(() => planTask({ packs: [pack], request }));
  if (!plan) return null;
  const problems = validatePlan(plan, { packs: [pack], facts: [], tools: registry.descriptors() });
  const broken = problems.filter(({ code }) => code !== 'plan.unknown_tool'); // tools of packs that are not available yet
  if (broken.length > 0) throw new Error(`${what}: ${broken[0]?.message ?? ''}`);
  const passed: number[] = [];
  const worked: number[] = [];
  for (let run = -WARM_UP; run < RUNS; run += 1) {
    const processor = process.cpuUsage();
    const start = performance.now();
    planTask({ packs: [pack], request });
    const took = performance.now() - start;
    const { user, system } = process.cpuUsage(processor);
    if (run < 0) continue;
    passed.push(took);
    worked.push((user + system) / 1_000);
  }
  const sorted = (times: number[]): number[] => times.sort((a, b) => a - b);
  return { what, steps: plan.steps.length, passed: sorted(passed), worked: sorted(worked) };
}

function tried(make: () => Plan): Plan | null {
  try {
    return make();
  } catch {
    return null; // sample arguments that no method fits
  }
}

/** A task that does a pack's tasks over and over until it has enough steps. */
function longTask(pack: DomainPack): { pack: DomainPack; task: TaskDef } | null {
  const asked = pack.tasks.filter(({ success }) => success.length > 0);
  const sizes = asked.map(
    (task) =>
      tried(() => planTask({ packs: [pack], request: { name: task.name, args: argsOf(task) } }))?.steps.length ?? 0,
  );
  const usable = asked.filter((_, index) => (sizes[index] ?? 0) > 0);
  if (usable.length === 0) return null;
  const members: TaskDef[] = [];
  for (let steps = 0, next = 0; steps < STEPS; next += 1) {
    const task = usable[next % usable.length];
    if (!task) break;
    members.push(task);
    steps += sizes[asked.indexOf(task)] ?? 0;
  }
  const task: TaskDef = { name: `${pack.name}.bench`, summary: 'many', params: [], phrasings: [], success: [] };
  const subtasks = members.map((member, index) => ({ id: `m${index}`, task: member.name, args: argsOf(member) }));
  const method = { name: 'all', task: task.name, summary: 'all', when: [], cost: 1, subtasks };
  return { pack: { ...pack, tasks: [...pack.tasks, task], methods: [...pack.methods, method] }, task };
}

const registry = createToolRegistry({ plugins: builtinPlugins });
const rows: Row[] = [];
for (const pack of registry.packs()) {
  const long = longTask(pack);
  const row = long && measure(`${pack.name}, ${STEPS} steps`, long.pack, long.task);
  if (row) rows.push(row);
  for (const task of pack.tasks.filter(({ success }) => success.length > 0)) {
    const own = measure(task.name, pack, task);
    if (own) rows.push(own);
  }
}
process.stdout.write(
  `| plan | steps | p50 ms | p95 ms | processor p50 ms | processor p95 ms |\n|---|--:|--:|--:|--:|--:|\n`,
);
for (const row of rows) {
  const times = [row.passed, row.worked].flatMap((one) => [at(one, 0.5).toFixed(2), at(one, 0.95).toFixed(2)]);
  const cells = [row.what, row.steps, ...times];
  process.stdout.write(`| ${cells.join(' | ')} |\n`);
}
const slow = rows.filter((row) => at(row.worked, 0.95) > LIMIT_MS);
process.stdout.write(
  slow.length === 0
    ? `every p95 is at most ${LIMIT_MS} ms\n`
    : `above ${LIMIT_MS} ms: ${slow.map(({ what }) => what).join(', ')}\n`,
);
process.exitCode = slow.length === 0 && rows.length > 0 ? 0 : 1;
