import { readFileSync } from 'node:fs';
import { matchIntent, parsePack } from '@goalkeeper/domain';

const PACKS = ['data', 'web', 'files', 'research', 'code', 'service'];
const json = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));
const tasks = PACKS.flatMap((name) => parsePack(json(`libs/tools/src/${name}/${name}.pack.json`)).tasks).filter(
  ({ success }) => success.length > 0,
);
const { none = [], ...heldOut } = json('benchmarks/intent/held-out.json') as Record<string, string[]>;
const wordings = Object.entries(heldOut).flatMap(([name, list]) => list.map((words) => ({ name, words })));
const outcome = ({ name, words }: { name: string; words: string }): string => {
  const match = matchIntent(words, tasks);
  return match.kind !== 'task' ? match.kind : match.task.name === name ? 'right' : 'wrong';
};
const share = (list: readonly string[], what: string): number =>
  list.filter((one) => one === what).length / list.length;

it('every task that can be asked for has at least 15 phrasings, each of its own', () => {
  for (const { name, phrasings } of tasks) expect([name, new Set(phrasings).size >= 15]).toEqual([name, true]);
  const all = tasks.flatMap(({ phrasings }) => phrasings);
  const own = all.map((phrasing) => phrasing.replace(/\{(left|right)\}/g, '{$1}'));
  expect(own.length).toBeGreaterThan(500);
});

it('has at least 8 wordings for each task that the packs do not have, and 100 of nonsense', () => {
  const told = new Set(tasks.flatMap(({ phrasings }) => phrasings));
  for (const { name } of tasks) expect([name, (heldOut[name]?.length ?? 0) >= 8]).toEqual([name, true]);
  expect(wordings.filter(({ words }) => told.has(words))).toEqual([]);
  expect(new Set(none).size).toBe(100);
});

it('reads at least 80 % of them right, asks about at most 15 %, and right or asks is at least 90 %', () => {
  const outcomes = wordings.map(outcome);
  expect(share(outcomes, 'right')).toBeGreaterThanOrEqual(0.8);
  expect(share(outcomes, 'ask')).toBeLessThanOrEqual(0.15);
  expect(share(outcomes, 'right') + share(outcomes, 'ask')).toBeGreaterThanOrEqual(0.9);
});

it('takes none of the nonsense for a task, whatever tasks are on offer', () => {
  expect(none.filter((words) => matchIntent(words, tasks).kind === 'task')).toEqual([]);
  const few = tasks.filter(({ name }) => /^(data|research)\./.test(name));
  expect(none.filter((words) => matchIntent(words, few).kind === 'task')).toEqual([]);
});

it('is calibrated: far better than always saying the base rate', () => {
  const judged = [...wordings, ...none.map((words) => ({ name: '', words }))].map(({ name, words }) => {
    const match = matchIntent(words, tasks, { sure: 0, plausible: 0 });
    const [best] =
      match.kind === 'task'
        ? [{ task: match.task, confidence: match.confidence }]
        : match.kind === 'ask'
          ? match.options
          : [];
    return { p: best?.confidence ?? 0, y: best?.task.name === name ? 1 : 0 };
  });
  const rate = judged.reduce((sum, { y }) => sum + y, 0) / judged.length;
  const brier = judged.reduce((sum, { p, y }) => sum + (p - y) ** 2, 0) / judged.length;
  expect(1 - brier / (rate * (1 - rate))).toBeGreaterThan(0.6);
});
