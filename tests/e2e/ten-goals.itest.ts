import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { DecisionView, WorkflowResponse } from '@goalkeeper/contracts';
import { faultsIn } from '../chaos/checks';
import { startWorld, type World } from './setup';

jest.setTimeout(180_000);

const SALES = 'region,price,units\nnorth,10,1\nnorth,30,2\nsouth,5,4\nsouth,5,4\neast,8,\n';
const OLD = 'id,name,city\n1,Ada,London\n2,Grace,New York\n3,Alan,Wilmslow\n';
const NEW = 'id,name,city\n1,Ada,Paris\n2,Grace,New York\n4,Edsger,Nuenen\n';
const HANDBOOK =
  '# Leave\n\nEvery employee gets 25 days of leave a year.\n\n# Badges\n\nLost badges are reported at once.\n';

/** Words of ten tasks of three packs, with the task that each means. README's example of a question is one of them. */
const GOALS: readonly (readonly [words: string, task: string, args: Readonly<Record<string, unknown>>])[] = [
  ['analyse ./sales.csv by region and write a report', 'data.report', { source: './sales.csv', by: 'region' }],
  ['Please check the data quality of the file ./sales.csv', 'data.profile', { source: './sales.csv' }],
  [
    'average price per region in ./sales.csv',
    'data.aggregate',
    { source: './sales.csv', by: 'region', measure: 'price', statistic: 'mean' },
  ],
  ['plot price by region from ./sales.csv', 'data.chart', { source: './sales.csv', by: 'region', measure: 'price' }],
  ['remove duplicate rows from "my sales.csv"', 'data.clean', { source: 'my sales.csv' }],
  ['compare ./old.csv with ./new.csv by id', 'data.compare', { left: './old.csv', right: './new.csv', key: 'id' }],
  ['join ./old.csv and ./new.csv on id', 'data.join', { left: './old.csv', right: './new.csv', on: 'id' }],
  ['what does ./handbook.md say about leave?', 'research.answer', { question: 'leave', sources: ['./handbook.md'] }],
  [
    'write a memo about lost badges from ./handbook.md',
    'research.write',
    { topic: 'lost badges', sources: ['./handbook.md'] },
  ],
  ['how many words are in ./handbook.md?', 'words.report', { source: './handbook.md' }],
];

type Factors = Readonly<Record<string, number>>;
const scoreOf = (factors: Factors): number => {
  const f = (name: string): number => factors[name] ?? Number.NaN;
  const gain = f('p') * f('value');
  return gain - f('costWeight') * f('costUsd') - f('latencyWeight') * f('expectedSeconds') - f('risk') - f('penalty');
};

/** What is untrue of an explanation: its scores are computed again, and its choice from them. */
function untruths({ chosen, candidates, decisive, explored, confidence, reason }: DecisionView): string[] {
  const wrong: string[] = [];
  const open = candidates.flatMap((one) =>
    one.factors && one.score !== null ? [{ ...one, own: scoreOf(one.factors) }] : [],
  );
  for (const { tool, own, score } of open)
    if (Math.abs(own - (score ?? Number.NaN)) > 1e-9)
      wrong.push(`${tool}: ${score} is ${own} when it is computed again`);
  for (const { tool, gates, score } of candidates)
    if (gates.length > 0 !== (score === null)) wrong.push(`${tool} has gates and a score, or neither`);
  const mine = open.find((one) => one.bindingIndex === chosen?.bindingIndex);
  const best = Math.max(...open.map(({ own }) => own));
  if (!mine || (!explored && mine.own < best - 1e-9)) wrong.push(`${chosen?.tool ?? 'nothing'} is not the best`);
  if (!(confidence > 0 && confidence < 1)) wrong.push(`the confidence ${confidence} is none`);
  if (!reason.includes(chosen?.tool ?? '')) wrong.push(`the reason does not speak of ${chosen?.tool ?? ''}: ${reason}`);
  if (decisive && mine?.factors) {
    const { factor, value, flipsAt, insteadIndex } = decisive;
    const beyond = flipsAt + Math.sign(flipsAt - value) * 1e-6;
    const flipped = scoreOf({ ...mine.factors, [factor]: beyond });
    const other = open.find((one) => one.bindingIndex === insteadIndex);
    if (mine.factors[factor] !== value) wrong.push(`${factor} is ${mine.factors[factor]}, not ${value}`);
    if (!other || flipped >= other.own) wrong.push(`${factor} beyond ${flipsAt} does not flip the choice`);
  }
  return wrong;
}

describe('ten goals of different tasks, in words', () => {
  let world: World;
  let files: string;
  beforeAll(async () => {
    files = mkdtempSync(join(tmpdir(), 'gk-ten-'));
    mkdirSync(files, { recursive: true });
    const content = {
      'sales.csv': SALES,
      'my sales.csv': SALES,
      'old.csv': OLD,
      'new.csv': NEW,
      'handbook.md': HANDBOOK,
    };
    for (const [name, text] of Object.entries(content)) writeFileSync(join(files, name), text);
    const plugins = [resolve('docs/examples/words'), resolve('dist/benchmarks/reference')].join(':');
    world = await startWorld({ GK_FILE_ROOTS: files, GK_PLUGIN_DIRS: plugins });
  }, 120_000);
  afterAll(async () => {
    await world?.close();
    rmSync(files, { recursive: true, force: true });
  }, 60_000);

  it.each(GOALS)('"%s" is %s: done without a question, verified, explained truly', async (words, task, args) => {
    const { client } = world;
    const { id } = await client.submit({ objective: words, mayAsk: true }, `ten-${task}`);
    const end = await client.until(id, undefined, 120_000);
    expect(end).toMatchObject({ state: 'succeeded', verified: true });
    const { plan, evidence = [], ...told } = await client.goal(id, 'plan,evidence');
    expect(told.task).toMatchObject({ name: task, args, from: 'words', pack: plan?.pack });
    expect(told.progress).toBe(1);
    const { body: flow } = await client.ask<WorkflowResponse>('GET', `/v1/goals/${id}/workflow`);
    expect(flow.query).toMatchObject({ state: 'succeeded', progress: 1 });
    expect(plan).toMatchObject({ revision: 1, task: { name: task, args } });
    expect(evidence.length).toBeGreaterThan(0);
    expect(evidence.filter(({ holds }) => !holds)).toEqual([]);
    expect(await client.questions(id)).toEqual([]);
    const events = await client.events(id);
    expect(faultsIn(events)).toEqual([]);
    const decisions = await client.decisions(id);
    const steps = events
      .filter(({ type }) => type === 'step.completed')
      .map(({ data }) => (data as { stepId: string }).stepId);
    expect(steps.length).toBeGreaterThan(0);
    expect(new Set(decisions.map(({ stepId }) => stepId))).toEqual(new Set(steps));
    expect(decisions.flatMap(untruths)).toEqual([]);
  });

  it('the check of explanations notices an untrue one', async () => {
    const { client } = world;
    const { id } = await client.submit({ objective: GOALS[0]?.[0] ?? '' }, 'ten-lie');
    await client.until(id);
    const [decision] = await client.decisions(id);
    const lie = structuredClone(decision) as DecisionView;
    for (const one of lie.candidates) if (one.factors) one.factors.p = (one.factors.p ?? 0) / 2;
    expect(untruths(lie).join()).toContain('when it is computed again');
    expect(untruths({ ...(decision as DecisionView), reason: 'because' }).join()).toContain('does not speak of');
  });

  it('what needs tools that are not here is told with the reason, and never proposed', async () => {
    const { client } = world;
    const { body: packs } = await client.ask<{ data: { name: string; tasks: Record<string, unknown>[] }[] }>(
      'GET',
      '/v1/packs',
    );
    const told = JSON.stringify(packs.data.find(({ name }) => name === 'service'));
    expect(told).toContain('needs tool http.request');
    const { id } = await client.submit({ objective: 'is https://a.example up?' }, 'ten-unavailable');
    const end = await client.until(id);
    expect(end).toMatchObject({ state: 'failed', failure: { code: 'task.unavailable' } });
    expect(end.failure?.message).toContain('http.request');
    const unclear = await client.submit({ objective: './sales.csv' }, 'ten-unclear');
    await client.until(unclear.id, ['waiting_input']);
    const [question] = await client.questions(unclear.id);
    expect(question?.choices.length).toBeGreaterThan(1);
    expect(JSON.stringify(question?.choices)).not.toMatch(/"(?:web|files|code|service)\./);
  });
});
