import type { JsonObject } from '../../json';
import type { ToolReport } from '../../observation/observation';
import type { DomainPack } from '../../planning/pack';
import { parsePack } from '../../planning/parse-pack';
import type { Fact, PlanStep } from '../../planning/plan';
import type { ToolDescriptor } from '../../tools/effect';
import { draw } from '../draw';

/**
 * A small world with tools of unequal quality for learning to find out about. What a tool is worth depends on what it is given,
 * and turns around in the middle of a stream. None of this is visible to who learns: only what comes back from calls is.
 */

const source = { name: 'source', type: 'source', required: true };
const deep = { name: 'deep', type: 'text' };
const operator = (name: string, tools: string[], more: object = {}): object => ({
  ...{ name, summary: name, params: [source, deep] },
  tools: tools.map((tool) => ({ tool, args: { source: '$source' } })),
  ...more,
});
const member = (id: string, after: string[] = []): object => ({
  ...{ id, task: `works.${id}`, args: { source: '$source', deep: '$deep' }, after },
});
const task = (name: string, phrasing: string): object => ({
  ...{ name, summary: name, params: [source, deep], phrasings: [phrasing] },
  success: [{ name: 'works.delivered', summary: 'it was delivered', args: { source: '$source' } }],
});
const method = (name: string, of: string, cost: number, subtasks: object[]): object => ({
  ...{ name, task: of, summary: name, cost, when: [], subtasks },
});

/**
 * Two tasks, each with a short way that fails for deep goals, and a longer one that does not; a rare one whose short way always
 * fails, because a step needs what the pack does not say; and one, as rare, whose longer way is never needed.
 */
export const worksPack: DomainPack = parsePack({
  ...{ name: 'works', version: '1.0.0', summary: 'a simulated works' },
  tasks: [
    task('works.convert', 'convert {source}'),
    task('works.publish', 'publish {source}'),
    task('works.certify', 'certify {source}'),
    task('works.file', 'file {source}'),
  ],
  methods: [
    method('quick', 'works.convert', 2, [member('read'), member('send', ['read'])]),
    method('careful', 'works.convert', 3, [member('read'), member('shape', ['read']), member('send', ['shape'])]),
    method('direct', 'works.publish', 2, [member('read'), member('print', ['read'])]),
    method('staged', 'works.publish', 3, [member('read'), member('shape', ['read']), member('print', ['shape'])]),
    method('rushed', 'works.certify', 2, [member('read'), member('stamp', ['read'])]),
    method('proper', 'works.certify', 3, [member('read'), member('seal', ['read']), member('stamp', ['seal'])]),
    method('plain', 'works.file', 2, [member('read'), member('store', ['read'])]),
    method('lavish', 'works.file', 3, [member('read'), member('seal', ['read']), member('store', ['seal'])]),
  ],
  operators: [
    operator('works.read', ['alpha', 'beta', 'gamma'], { adds: [{ predicate: 'read', args: ['$source'] }] }),
    operator('works.shape', ['lathe', 'hammer'], { adds: [{ predicate: 'shaped', args: ['$source'] }] }),
    operator('works.send', ['post', 'pigeon']),
    operator('works.print', ['press', 'quill']),
    operator('works.seal', ['wax'], { adds: [{ predicate: 'sealed', args: ['$source'] }] }),
    operator('works.stamp', ['die']),
    operator('works.store', ['shelf']),
  ],
});

export const WORKS_TOOLS: readonly ToolDescriptor[] = [
  ...['alpha', 'beta', 'gamma', 'lathe', 'hammer', 'post', 'pigeon', 'press', 'quill', 'wax', 'die', 'shelf'],
].map((name) => ({
  ...{ name, version: '1.0.0', summary: name, kind: 'plugin', effect: 'pure' },
  ...{ boundMs: 100, timeoutMs: 1_000, costUsd: 0 },
}));

/** Endings of sources: a goal has each of them as often. */
const ENDINGS = ['.csv', '.json', '.txt'] as const;
type Chances = readonly [csv: number, json: number, txt: number];
const same = (chance: number): Chances => [chance, chance, chance];

/**
 * Chance that a tool works by the ending of the source, before the shift and after it. Over all goals the tools of an operator are
 * exchangeable: whatever fixed order they are tried in takes as many calls, so that an order changed by chance saves nothing.
 */
const QUALITY: Readonly<Record<string, { readonly before: Chances; readonly after: Chances }>> = {
  alpha: { before: [0.92, 0.35, 0.35], after: [0.35, 0.92, 0.35] },
  beta: { before: [0.35, 0.92, 0.35], after: [0.35, 0.35, 0.92] },
  gamma: { before: [0.35, 0.35, 0.92], after: [0.92, 0.35, 0.35] },
  lathe: { before: same(0.5), after: same(0.9) },
  hammer: { before: same(0.9), after: same(0.5) },
  post: { before: [0.5, 0.9, 0.7], after: [0.5, 0.9, 0.7] },
  pigeon: { before: [0.9, 0.5, 0.7], after: [0.9, 0.5, 0.7] },
  press: { before: same(0.9), after: same(0.5) },
  quill: { before: same(0.5), after: same(0.9) },
  wax: { before: same(0.95), after: same(0.95) },
  die: { before: same(0.95), after: same(0.95) },
  shelf: { before: same(0.95), after: same(0.95) },
};
/** Share of a tool's failures that look passing and are not: trying again never helps in this goal. */
const STUCK = 0.6;

export interface WorldGoal {
  readonly id: string;
  readonly index: number;
  readonly task: string;
  readonly source: string;
  readonly args: JsonObject;
  /** What it is asked for in, where that is not the task's name: words that no phrasing has. */
  readonly words: string | null;
  readonly isAfterShift: boolean;
}

/** How people say what the pack calls otherwise. */
const SAYINGS: Readonly<Record<string, readonly string[]>> = {
  'works.convert': ['please turn FILE inside out', 'FILE wants the usual treatment'],
  'works.publish': ['bring FILE before the readers', 'the town should see FILE'],
  'works.certify': ['swear by FILE', 'vouch for FILE'],
  'works.file': ['FILE may rest now', 'lay FILE to the others'],
};

/** What a goal of a stream asks for; the same for every arm. */
export function goalOf(world: { seed: string; order: string }, index: number, shiftAt: number): WorldGoal {
  const toss = (what: string): number => draw(world.order, what, String(index));
  const [often, seldom] = [
    ['works.convert', 'works.publish'],
    ['works.certify', 'works.file'],
  ] as const;
  const task = (toss('task') < 0.2 ? seldom : often)[toss('which') < 0.5 ? 0 : 1];
  const ending = ENDINGS[Math.floor(toss('ending') * ENDINGS.length)] ?? '.csv';
  const source = `file-${Math.floor(toss('name') * 1e6)}${ending}`;
  const isSaid = toss('words') < 0.2;
  const sayings = SAYINGS[task] ?? [];
  return {
    ...{ id: `${world.seed}-${world.order}-${index}`, index, task, isAfterShift: index >= shiftAt },
    source,
    args: { source, ...(!isSaid && toss('deep') < 0.4 ? { deep: 'yes' } : {}) },
    words: isSaid ? (sayings[Math.floor(toss('saying') * sayings.length)]?.replace('FILE', source) ?? null) : null,
  };
}

/** One call: chance is drawn from the goal, the tool and the number of the try, so that arms differ by their choices alone. */
export function callWorld(
  seed: string,
  goal: WorldGoal,
  call: { step: PlanStep; tool: string; tryNo: number; facts: readonly Fact[] },
): ToolReport {
  const { step, tool, tryNo, facts } = call;
  const toss = (...what: string[]): number => draw(seed, goal.id, step.operator, tool, ...what);
  const durationMs = Math.round(40 + 60 * toss('ms', String(tryNo)));
  const fail = (code: string, message: string, transient: boolean): ToolReport => ({
    ...{ ok: false, output: null, error: { code, message, transient }, evidence: [], durationMs },
  });
  const holds = (predicate: string): boolean => facts.some((fact) => fact.predicate === predicate);
  const isDeliver = step.operator === 'works.send' || step.operator === 'works.print';
  if (isDeliver && goal.args['deep'] === 'yes' && !holds('shaped'))
    return fail('works.unshaped', `${JSON.stringify(goal.source)} must be shaped before`, false);
  if (step.operator === 'works.stamp' && !holds('sealed'))
    return fail('works.unsealed', `${JSON.stringify(goal.source)} bears no seal`, false);
  const chances = QUALITY[tool]?.[goal.isAfterShift ? 'after' : 'before'] ?? same(0);
  const quality = chances[ENDINGS.findIndex((ending) => goal.source.endsWith(ending))] ?? 0;
  if (toss('quality') < quality) return worked(durationMs);
  if (toss('stuck') < STUCK)
    return fail('works.jammed', `worker ${Math.floor(toss('who') * 1e4)} did not answer`, true);
  return tryNo > 1 && toss('retry', String(tryNo)) < 0.7
    ? worked(durationMs)
    : fail('works.busy', `queue has ${Math.floor(toss('queue') * 90) + 10} entries`, true);
}

function worked(durationMs: number): ToolReport {
  return { ok: true, output: { done: true }, error: null, evidence: [], durationMs };
}
