import { readFileSync } from 'node:fs';
import { type JsonObject, matchIntent, parsePack } from '@goalkeeper/domain';
import { slotsIn } from '../../benchmarks/intent/slots';

const PACKS = ['data', 'web', 'files', 'research', 'code', 'service'];
const json = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));
const tasks = PACKS.flatMap((name) => parsePack(json(`libs/tools/src/${name}/${name}.pack.json`)).tasks).filter(
  ({ success }) => success.length > 0,
);

interface Wording {
  readonly name: string;
  readonly words: string;
  readonly args: JsonObject;
}
function setOf(file: string): { none: readonly string[]; wordings: readonly Wording[] } {
  const { none, ...meant } = json(`benchmarks/intent/${file}.json`) as Record<
    string,
    (string | [string, JsonObject])[]
  >;
  const wordings = Object.entries(meant).flatMap(([name, list]) =>
    list.flatMap((one) => (typeof one === 'string' ? [] : [{ name, words: one[0], args: one[1] }])),
  );
  return { none: (none ?? []).filter((one) => typeof one === 'string'), wordings };
}
const sets = { 'held-out': setOf('held-out'), second: setOf('second') };
const share = (list: readonly string[], what: string): number =>
  list.filter((one) => one === what).length / list.length;

it('every task that can be asked for has at least 15 phrasings, each of its own', () => {
  for (const { name, phrasings } of tasks) expect([name, new Set(phrasings).size >= 15]).toEqual([name, true]);
  const all = tasks.flatMap(({ phrasings }) => phrasings);
  expect(all.length).toBeGreaterThan(500);
});

it('no held-out sentence is in the packs, in what the weights were fitted on, or in the other set', () => {
  const fitted = ['training', 'development'].flatMap((file) =>
    Object.values(json(`benchmarks/intent/${file}.json`) as Record<string, string[]>).flat(),
  );
  const told = [...tasks.flatMap(({ phrasings }) => phrasings), ...fitted].map((one) => one.trim().toLowerCase());
  const [first = [], second = []] = Object.values(sets).map(({ none, wordings }) =>
    [...none, ...wordings.map(({ words }) => words)].map((one) => one.toLowerCase()),
  );
  expect([...first, ...second].filter((one) => told.includes(one))).toEqual([]);
  expect(first.filter((one) => second.includes(one))).toEqual([]);
});

describe.each(Object.entries(sets))('wordings of %s', (_, { none, wordings }) => {
  const judged = wordings.map(({ name, words, args }) => {
    const match = matchIntent(words, tasks);
    if (match.kind !== 'task') return { outcome: match.kind, words, slots: null };
    const isRight = match.task.name === name;
    return {
      outcome: isRight ? 'right' : 'wrong',
      words,
      slots: isRight ? slotsIn(args, match.task.args, true) : null,
    };
  });
  const outcomes = judged.map(({ outcome }) => outcome);

  it('are at least 8 for each task, and 100 that mean none', () => {
    for (const { name } of tasks)
      expect([name, wordings.filter((one) => one.name === name).length >= 8]).toEqual([name, true]);
    expect(new Set(none).size).toBe(100);
  });

  it('are read right at 90 % and more, asked about at 15 % at most, and hardly ever taken for something else', () => {
    expect(share(outcomes, 'right')).toBeGreaterThanOrEqual(0.9);
    expect(share(outcomes, 'ask')).toBeLessThanOrEqual(0.15);
    expect(outcomes.filter((one) => one === 'wrong').length).toBeLessThanOrEqual(2);
  });

  it.each(PACKS)('are read right at 80 % and more in the pack %s', (pack) => {
    const own = outcomes.filter((_, index) => wordings[index]?.name.startsWith(`${pack}.`));
    expect(share(own, 'right')).toBeGreaterThanOrEqual(0.8);
  });

  it('fill slots with what is meant, or leave them open', () => {
    const slots = judged.flatMap((one) => (one.slots ? [one.slots] : []));
    const right = slots.reduce((sum, one) => sum + one.right, 0);
    const open = slots.reduce((sum, one) => sum + one.left.length, 0);
    expect(judged.filter(({ slots: own }) => own && own.wrong.length > 0).map(({ words }) => words)).toEqual([]);
    expect(right / (right + open)).toBeGreaterThanOrEqual(0.95);
  });

  it('take none of the nonsense for a task, whatever tasks are on offer', () => {
    expect(none.filter((words) => matchIntent(words, tasks).kind === 'task')).toEqual([]);
    const few = tasks.filter(({ name }) => /^(data|research)\./.test(name));
    expect(none.filter((words) => matchIntent(words, few).kind === 'task')).toEqual([]);
  });

  it('are told with calibrated confidence: far better than always saying the base rate', () => {
    const sure = [...wordings, ...none.map((words) => ({ name: '', words }))].map(({ name, words }) => {
      const match = matchIntent(words, tasks, { sure: 0, plausible: 0 });
      const [best] =
        match.kind === 'task'
          ? [{ task: match.task, confidence: match.confidence }]
          : match.kind === 'ask'
            ? match.options
            : [];
      return { p: best?.confidence ?? 0, y: best?.task.name === name ? 1 : 0 };
    });
    const rate = sure.reduce((sum, { y }) => sum + y, 0) / sure.length;
    const brier = sure.reduce((sum, { p, y }) => sum + (p - y) ** 2, 0) / sure.length;
    expect(1 - brier / (rate * (1 - rate))).toBeGreaterThan(0.6);
  });
});
