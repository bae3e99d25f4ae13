import { readFileSync } from 'node:fs';
import { AgentError, matchIntent, offerOf, parsePack, questionAbout, resolveTask } from '@goalkeeper/domain';

const json = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));
const packs = ['data', 'web', 'files', 'research', 'code', 'service'].map((name) =>
  parsePack(json(`libs/tools/src/${name}/${name}.pack.json`)),
);
const wordings = ['held-out', 'second'].flatMap((file) =>
  Object.values(json(`benchmarks/intent/${file}.json`) as Record<string, (string | [string, unknown])[]>)
    .flat()
    .map((one) => (typeof one === 'string' ? one : one[0])),
);
/** Where the tools of two packs are installed, some tasks are understood and cannot be done. */
const tools = packs
  .flatMap(({ operators }) => operators.flatMap((operator) => operator.tools.map(({ tool }) => tool)))
  .filter((tool) => /^(data|research)\./.test(tool));

/** True when the words are read in several ways, or as a task with an argument missing; one of the wrong type no question mends. */
function isUnclear(words: string): boolean {
  try {
    resolveTask({ objective: words, task: null }, packs, { tools });
    return false;
  } catch (error) {
    if (!(error instanceof AgentError)) throw error;
    const { question, got } = error.details;
    return typeof question === 'string' || (error.code === 'task.invalid_arguments' && got === 'nothing');
  }
}

it('words that are unclear to the one who resolves them are asked about, and only those', () => {
  const refusal = { code: 'intent.unknown', details: {} };
  const asked = wordings.map((words) => ({
    words,
    isUnclear: isUnclear(words),
    isAsked: questionAbout({ objective: words, task: null }, packs, refusal, { tools }) !== null,
  }));
  expect(asked.filter((one) => one.isUnclear).length).toBeGreaterThan(5);
  expect(asked.filter((one) => one.isUnclear !== one.isAsked)).toEqual([]);
});

it('nothing is proposed that cannot be done here', () => {
  const barred = new Set(offerOf(packs, tools).unavailable.map(({ task }) => task));
  expect(barred.size).toBeGreaterThan(5);
  expect(barred.has('data.profile')).toBe(false);
  for (const words of wordings) {
    const question = questionAbout(
      { objective: words, task: null },
      packs,
      { code: 'intent.unknown', details: {} },
      { tools },
    );
    for (const { id, value } of question?.choices ?? [])
      if (value !== undefined) expect([words, id, barred.has(id)]).toEqual([words, id, false]);
  }
});

it('a task that cannot be done here does not hide one that can be and fits as well', () => {
  const read = (words: string) => {
    const all = packs.flatMap((pack) => pack.tasks.filter(({ success }) => success.length > 0));
    return matchIntent(words, all, { unavailable: offerOf(packs, tools).unavailable });
  };
  const cleaned = read('tidy up ./members.csv');
  expect(cleaned).toMatchObject({ kind: 'ask', options: [{ task: { name: 'data.clean' } }, {}, {}] });
  expect(cleaned).toHaveProperty(
    'question',
    expect.stringMatching(/^files\.organise needs tools .*Did you mean data\.clean/),
  );
  expect(read('organise the folder ./downloads by kind')).toMatchObject({
    kind: 'unavailable',
    option: { task: { name: 'files.organise' } },
  });
});

it('a word inside of a path denies nothing', () => {
  const all = packs.flatMap((pack) => pack.tasks.filter(({ success }) => success.length > 0));
  expect(matchIntent('analyse no/such/file.csv and report', all)).toMatchObject({ kind: 'task' });
  expect(matchIntent('analyse never/without.csv and report', all)).toMatchObject({ kind: 'task' });
  expect(matchIntent('do not analyse cars.csv and report', all).kind).not.toBe('task');
});

it('what may be a condition is kept as one: no figure of all rows is given for an answer', () => {
  const all = packs.flatMap((pack) => pack.tasks.filter(({ success }) => success.length > 0));
  const told = [
    ['what is the average price of eclairs in bakery.csv', { comparison: 'is', values: ['eclairs'] }],
    ['average amount for 2024 by shop in sales.csv', { comparison: 'during', values: ['2024'] }],
  ] as const;
  for (const [words, where] of told)
    expect(matchIntent(words, all)).toMatchObject({ kind: 'task', task: { args: { where: [where] } } });
  expect(matchIntent('average price by product in bakery.csv', all)).toMatchObject({ kind: 'task' });
});
