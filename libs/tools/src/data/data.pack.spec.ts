import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  AgentError,
  matchIntent,
  NoPlanError,
  parsePack,
  planTask,
  repairPlan,
  resolveTask,
  validatePlan,
  type Plan,
  type ToolDescriptor,
} from '@goalkeeper/domain';

const pack = parsePack(JSON.parse(readFileSync(join(__dirname, 'data.pack.json'), 'utf8')));
const reference = parsePack(
  JSON.parse(readFileSync(join(__dirname, '../../../../benchmarks/reference/pack/reference.pack.json'), 'utf8')),
);
const packs = [pack, reference];
const offered = pack.tasks.filter(({ success }) => success.length > 0);

const toolNames = [
  ...new Set(packs.flatMap(({ operators }) => operators.flatMap(({ tools }) => tools.map(({ tool }) => tool)))),
];
const tools: ToolDescriptor[] = toolNames.map((name) => ({
  name,
  version: '1.0.0',
  summary: name,
  kind: 'real',
  effect: 'pure',
  boundMs: 100,
  timeoutMs: 1000,
  costUsd: 0,
}));
const isValid = (plan: Plan) => validatePlan(plan, { packs, facts: [], tools });
const report = (args: Record<string, string> = {}) =>
  planTask({ packs, request: { name: 'data.report', args: { source: 'weather.csv', ...args } } });
const idOf = (plan: Plan, label: string) => plan.steps.find((step) => step.label === label)?.id ?? `no step ${label}`;
const after = (plan: Plan, label: string) =>
  plan.steps.find((step) => step.label === label)?.after.map((id) => plan.steps.find((step) => step.id === id)?.label);
const fail = (plan: Plan, label: string, code: string) => {
  const at = plan.steps.findIndex((step) => step.label === label);
  const succeeded = plan.steps.slice(0, at).map(({ id }) => id);
  return repairPlan({ packs, plan, succeeded, faults: [{ stepId: idOf(plan, label), code, message: code }] });
};

describe('the data pack', () => {
  it('plans a report whose quality check and aggregates may run at the same time', () => {
    const plan = report({ by: 'weather' });
    expect(plan.steps.map(({ label }) => label)).toEqual([
      'open',
      'profile',
      'quality',
      'aggregate',
      'chart',
      'report',
    ]);
    expect(after(plan, 'quality')).toEqual(['profile']);
    expect(after(plan, 'aggregate')).toEqual(['profile']);
    expect(after(plan, 'report')).toEqual(['quality', 'chart']);
    expect(isValid(plan)).toEqual([]);
  });

  it('hands optional arguments on, and drops them where they were not given', () => {
    const [given, absent] = [report({ by: 'weather', measure: 'temp_max' }), report()];
    const aggregate = (plan: Plan) =>
      Object.keys(plan.steps.find(({ label }) => label === 'aggregate')?.tools[0]?.args ?? {});
    expect(aggregate(given)).toEqual(['table', 'profile', 'by', 'measure']);
    expect(aggregate(absent)).toEqual(['table', 'profile']);
    expect(absent.success[0]?.args).toEqual({ source: 'weather.csv' });
  });

  it('reads tolerantly when strict reading failed, and only then', () => {
    const repaired = fail(report(), 'open', 'data.ragged_rows');
    expect(repaired.steps[0]?.tools[0]?.tool).toBe('data.open-tolerant');
    expect(repaired.revision).toBe(2);
    expect(repaired.reason).toContain('"tolerant" instead of "strict"');
    expect(isValid(repaired)).toEqual([]);
  });

  it.each([
    'source.missing',
    'source.outside_roots',
    'source.not_a_file',
    'source.empty',
    'source.binary',
    'data.no_rows',
    'data.parquet_broken',
  ])('does not read again what is not there to be read: %s', (code) =>
    expect(() => fail(report(), 'open', code)).toThrow(NoPlanError),
  );

  it('keeps what was done when charts cannot be drawn, and writes the report without them', () => {
    const plan = report();
    const repaired = fail(plan, 'chart', 'tool.defect');
    expect(repaired.steps.map(({ label }) => label)).toEqual(['open', 'profile', 'quality', 'aggregate', 'report']);
    for (const label of ['open', 'profile', 'quality', 'aggregate'])
      expect(idOf(repaired, label)).toBe(idOf(plan, label));
    const write = repaired.steps.at(-1)?.tools[0]?.args ?? {};
    expect(Object.keys(write)).toEqual(['opened', 'profile', 'quality', 'aggregates']);
    expect(isValid(repaired)).toEqual([]);
  });

  it('reports plainly when nothing can be aggregated, unless a column was asked for', () => {
    const plain = fail(report(), 'aggregate', 'data.no_rows');
    expect(plain.steps.map(({ label }) => label)).toEqual(['open', 'profile', 'quality', 'report']);
    expect(isValid(plain)).toEqual([]);
    expect(() => fail(report({ by: 'no_such_column' }), 'aggregate', 'data.unknown_column')).toThrow(NoPlanError);
  });

  it('gives up when profiling fails: there is no other way to profile', () => {
    expect(() => fail(report(), 'profile', 'tool.defect')).toThrow(/"profile" failed \(tool.defect/);
  });
});

describe('words and the data pack', () => {
  it('has at least 15 phrasings for each task that can be asked for', () => {
    for (const task of offered) expect(task.phrasings.length).toBeGreaterThanOrEqual(15);
  });

  it.each([
    ['analyse ./a.csv and ./b.csv'],
    ['analyse sales.csv and delete it'],
    ['compare regions in sales.csv'],
    ['sample:weather.csv'],
    ['do not analyse sales.csv'],
    ['analyse'],
  ])('does not guess at "%s"', (words) => expect(matchIntent(words, offered).kind).not.toBe('task'));

  it.each([
    'analyse the data set sales.csv and report',
    'examine sales.csv for interesting patterns',
    'analyse the sales in sales.csv',
  ])('takes no word of the wording for a column: %s', (words) =>
    expect(matchIntent(words, offered)).toHaveProperty('task', { name: 'data.report', args: { source: 'sales.csv' } }),
  );
});

describe('resolving a goal', () => {
  const resolve = (objective: string) => resolveTask({ objective, task: null }, packs);
  const errorOf = (run: () => unknown): AgentError => {
    try {
      run();
    } catch (error) {
      if (error instanceof AgentError) return error;
    }
    throw new Error('no AgentError was thrown');
  };

  it('names the three nearest tasks for words that mean nothing to it', () => {
    const error = errorOf(() => resolve('bake a cake with three candles'));
    expect(error.code).toBe('intent.unknown');
    expect(error.details['nearest']).toHaveLength(3);
    expect(error.hint).toContain('data.');
  });

  it('says which argument is missing', () => {
    const error = errorOf(() => resolve('analyse my data and write a report'));
    expect(error.code).toBe('task.invalid_arguments');
    expect(error.details).toMatchObject({ pointer: '/args/source', got: 'nothing' });
  });

  it('refuses parts of methods, unknown names, unknown arguments and wrong types, each with the place', () => {
    const named = (name: string, args: object) =>
      errorOf(() => resolveTask({ objective: '', task: { name, args: args as never } }, packs));
    expect(named('data.load', { source: 'a.csv' }).code).toBe('intent.unknown');
    expect(named('data.raport', {}).details['nearest']).toMatchObject([{ task: 'data.report' }, {}, {}]);
    expect(named('data.report', { source: 'a.csv', colour: 1 }).details).toMatchObject({ pointer: '/args/colour' });
    expect(named('data.report', { source: 7 }).details).toMatchObject({ pointer: '/args/source', got: 'the number 7' });
    expect(named('reference.run', { goal: 'g', k: 1.5 }).details).toMatchObject({ pointer: '/args/k' });
  });

  it('fills in defaults', () => {
    expect(resolveTask({ objective: '', task: { name: 'reference.run', args: { goal: 'g' } } }, packs)).toMatchObject({
      request: { name: 'reference.run', args: { goal: 'g', k: 5, class: 'idempotent', finish: false } },
      confidence: 1,
    });
  });
});

describe('the reference pack', () => {
  const run = (args: object) => planTask({ packs, request: { name: 'reference.run', args: { goal: 'g1', ...args } } });

  it.each(['idempotent', 'transactional'])('calls the %s echo tool k times, strictly one after the other', (kind) => {
    const plan = run({ k: 20, class: kind });
    expect(plan.steps).toHaveLength(20);
    expect(plan.steps.map(({ tools: [binding] }) => binding)).toEqual(
      Array.from({ length: 20 }, (_, step) => ({ tool: `reference.echo-${kind}`, args: { goal: 'g1', step } })),
    );
    plan.steps.forEach((step, index) => expect(step.after).toEqual(index === 0 ? [] : [plan.steps[index - 1]?.id]));
    expect(plan.steps.map(({ label }) => label).slice(0, 2)).toEqual(['echo-1', 'echo-2']);
    expect(plan.success).toEqual([
      {
        name: 'reference.counted',
        summary: 'each of the 20 calls of g1 was counted once',
        args: { goal: 'g1', k: 20 },
      },
    ]);
    expect(isValid(plan)).toEqual([]);
  });

  it('marks the goal as done at the end where the benchmark asks for it', () => {
    const plan = run({ k: 2, finish: true });
    expect(plan.steps.map(({ label }) => label)).toEqual(['echo-1', 'echo-2', 'finish']);
    expect(plan.steps.at(-1)?.after).toEqual([plan.steps[1]?.id]);
    expect(isValid(plan)).toEqual([]);
    expect(run({ k: 0, finish: true }).steps.map(({ after: before }) => before)).toEqual([[]]);
  });

  it('has no plan for a class it does not know', () => {
    expect(() => run({ class: 'sometimes' })).toThrow(/no method of reference.run is left/);
  });
});
