import { readFileSync } from 'node:fs';
import { AgentError, interpretWords, offerOf, parsePack, questionAbout } from '@goalkeeper/domain';

const json = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));
const packs = ['data', 'web', 'files', 'research', 'code', 'service'].map((name) =>
  parsePack(json(`libs/tools/src/${name}/${name}.pack.json`)),
);
const wordings = Object.values(json('benchmarks/intent/held-out.json') as Record<string, string[]>).flat();
/** Where the tools of two packs are installed, some tasks are understood and cannot be done. */
const tools = packs
  .flatMap(({ operators }) => operators.flatMap((operator) => operator.tools.map(({ tool }) => tool)))
  .filter((tool) => /^(data|research)\./.test(tool));

/** What is made of the words: an argument in them may be of the wrong type, which no question mends. */
function read(words: string): { kind: string } {
  try {
    return interpretWords(words, packs, { tools });
  } catch (error) {
    if (error instanceof AgentError) return { kind: error.code };
    throw error;
  }
}

it('words that are unclear to the one who resolves them are asked about, and only those', () => {
  const refusal = { code: 'intent.unknown', details: {} };
  const asked = wordings.map((words) => ({
    words,
    isUnclear: read(words).kind === 'ambiguous',
    isAsked: questionAbout({ objective: words, task: null }, packs, refusal, { tools }) !== null,
  }));
  expect(asked.filter(({ isUnclear }) => isUnclear).length).toBeGreaterThan(5);
  expect(asked.filter(({ isUnclear, isAsked }) => isUnclear !== isAsked)).toEqual([]);
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
