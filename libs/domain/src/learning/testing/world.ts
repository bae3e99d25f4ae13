import type { JsonObject } from '../../json';
import type { ToolReport } from '../../observation/observation';
import type { DomainPack } from '../../planning/pack';
import { parsePack } from '../../planning/parse-pack';
import type { PlanStep } from '../../planning/plan';
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
const task = (name: string): object => ({
  ...{ name, summary: name, params: [source, deep], phrasings: [] },
  success: [{ name: 'works.delivered', summary: 'it was delivered', args: { source: '$source' } }],
});
const method = (name: string, of: string, cost: number, subtasks: object[]): object => ({
  ...{ name, task: of, summary: name, cost, when: [], subtasks },
});

/** Two tasks, each with a short way that fails for deep goals, and a longer one that does not. */
export const worksPack: DomainPack = parsePack({
  ...{ name: 'works', version: '1.0.0', summary: 'a simulated works' },
  tasks: [task('works.convert'), task('works.publish')],
  methods: [
    method('quick', 'works.convert', 2, [member('read'), member('send', ['read'])]),
    method('careful', 'works.convert', 3, [member('read'), member('shape', ['read']), member('send', ['shape'])]),
    method('direct', 'works.publish', 2, [member('read'), member('print', ['read'])]),
    method('staged', 'works.publish', 3, [member('read'), member('shape', ['read']), member('print', ['shape'])]),
  ],
  operators: [
    operator('works.read', ['alpha', 'beta', 'gamma'], { adds: [{ predicate: 'read', args: ['$source'] }] }),
    operator('works.shape', ['lathe', 'hammer'], { adds: [{ predicate: 'shaped', args: ['$source'] }] }),
    operator('works.send', ['post', 'pigeon']),
    operator('works.print', ['press', 'quill']),
  ],
});

export const WORKS_TOOLS: readonly ToolDescriptor[] = [
  ...['alpha', 'beta', 'gamma', 'lathe', 'hammer', 'post', 'pigeon', 'press', 'quill'],
].map((name) => ({
  ...{ name, version: '1.0.0', summary: name, kind: 'plugin', effect: 'pure' },
  ...{ boundMs: 100, timeoutMs: 1_000, costUsd: 0 },
}));

/** Chance that a tool works: by the ending of the source, before the shift and after it. */
const QUALITY: Readonly<Record<string, readonly [csv: number, json: number, csvLater: number, jsonLater: number]>> = {
  alpha: [0.92, 0.15, 0.15, 0.92],
  beta: [0.15, 0.92, 0.92, 0.15],
  gamma: [0.5, 0.5, 0.5, 0.5],
  lathe: [0.5, 0.5, 0.9, 0.9],
  hammer: [0.9, 0.9, 0.5, 0.5],
  post: [0.5, 0.9, 0.5, 0.9],
  pigeon: [0.9, 0.5, 0.9, 0.5],
  press: [0.9, 0.9, 0.5, 0.5],
  quill: [0.5, 0.5, 0.9, 0.9],
};
/** Share of a tool's failures that look passing and are not: trying again never helps in this goal. */
const STUCK = 0.6;

export interface WorldGoal {
  readonly id: string;
  readonly index: number;
  readonly task: string;
  readonly args: JsonObject;
  readonly isAfterShift: boolean;
}

/** What a goal of a stream asks for; the same for every arm. */
export function goalOf(world: { seed: string; order: string }, index: number, shiftAt: number): WorldGoal {
  const toss = (what: string): number => draw(world.order, what, String(index));
  return {
    id: `${world.seed}-${world.order}-${index}`,
    index,
    task: toss('task') < 0.5 ? 'works.convert' : 'works.publish',
    args: {
      source: `file-${Math.floor(toss('name') * 1e6)}${toss('ending') < 0.5 ? '.csv' : '.json'}`,
      ...(toss('deep') < 0.4 ? { deep: 'yes' } : {}),
    },
    isAfterShift: index >= shiftAt,
  };
}

/** One call: chance is drawn from the goal, the tool and the number of the try, so that arms differ by their choices alone. */
export function callWorld(
  seed: string,
  goal: WorldGoal,
  call: { step: PlanStep; tool: string; tryNo: number },
): ToolReport {
  const { step, tool, tryNo } = call;
  const toss = (...what: string[]): number => draw(seed, goal.id, step.operator, tool, ...what);
  const durationMs = Math.round(40 + 60 * toss('ms', String(tryNo)));
  const fail = (code: string, message: string, transient: boolean): ToolReport => ({
    ...{ ok: false, output: null, error: { code, message, transient }, evidence: [], durationMs },
  });
  const isDeliver = step.operator === 'works.send' || step.operator === 'works.print';
  if (
    isDeliver &&
    step.args['deep'] === 'yes' &&
    !step.lineage.includes('careful') &&
    !step.lineage.includes('staged')
  ) {
    return fail('works.unshaped', `${JSON.stringify(goal.args['source'])} must be shaped before`, false);
  }
  const [csv, json, csvLater, jsonLater] = QUALITY[tool] ?? [0, 0, 0, 0];
  const isCsv = JSON.stringify(goal.args['source']).includes('.csv');
  const quality = goal.isAfterShift ? (isCsv ? csvLater : jsonLater) : isCsv ? csv : json;
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
