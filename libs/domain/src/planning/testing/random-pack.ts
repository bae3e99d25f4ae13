import type { JsonObject } from '../../json';
import type { DomainPack, Literal, Subtask } from '../pack';
import { aPack } from './packs';

/** Numbers below `n`, from a seed: the generator of the random packs (a linear congruential one). */
export function dice(seed: number): (n: number) => number {
  let state = (seed * 2654435761 + 1) >>> 0;
  return (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

const OPERATORS = ['act-a', 'act-b', 'act-c', 'act-d'];
const PREDICATES = ['p', 'q', 'r'];

/**
 * A small pack made from a seed: two layers of tasks, methods with conditions, members in partial order, references,
 * repetitions; operators that need, add and delete facts. Some have a plan, some have none.
 */
export function randomPack(seed: number): DomainPack {
  const roll = dice(seed);
  const tasks = ['root', 'mid-a', 'mid-b'];
  return aPack({
    tasks: tasks.map((name) => ({ name, params: [{ name: 'x', type: 'any' }] })),
    methods: tasks.flatMap((task) =>
      Array.from({ length: 1 + roll(2) }, (_, index) => ({
        name: `m${index}`,
        task,
        cost: roll(5),
        when: roll(3) === 0 ? [literal(roll, true)] : [],
        subtasks: members(roll, task === 'root' ? [...OPERATORS, 'mid-a', 'mid-b'] : OPERATORS),
      })),
    ),
    operators: OPERATORS.map((name) => ({
      name,
      params: [
        { name: 'x', type: 'any' as const },
        { name: 'y', type: 'any' as const },
      ],
      when: roll(3) === 0 ? [literal(roll, true)] : [],
      adds: roll(2) === 0 ? [literal(roll, false)] : [],
      deletes: roll(3) === 0 ? [literal(roll, false)] : [],
      tools: [{ tool: `tool.${name}`, args: { x: '$x', y: '$y', note: 'on ${x}' } }],
    })),
  });
}

function literal(roll: (n: number) => number, mayDeny: boolean): Literal {
  const base = { predicate: PREDICATES[roll(PREDICATES.length)] ?? 'p', args: roll(2) === 0 ? ['$x'] : [roll(2)] };
  return mayDeny && roll(3) === 0 ? { ...base, not: true } : base;
}

function members(roll: (n: number) => number, known: readonly string[]): Subtask[] {
  return Array.from({ length: 1 + roll(3) }, (_, index): Subtask => {
    const task = known[roll(known.length)] ?? 'act-a';
    const earlier = Array.from({ length: index }, (_unused, at) => `s${at}`);
    const after = earlier.filter(() => roll(3) === 0);
    const y: JsonObject =
      index > 0 && !task.startsWith('mid') && roll(2) === 0 ? { y: `{{steps.s${roll(index)}.out}}` } : {};
    const repeat = roll(4) === 0 ? { repeat: { count: 1 + roll(3), as: 'i', parallel: roll(2) === 0 } } : {};
    const x = repeat.repeat && roll(2) === 0 ? '$i' : roll(3) === 0 ? roll(2) : '$x';
    const args: JsonObject = { x, ...y };
    return { id: `s${index}`, task, args, after, ...repeat };
  });
}
