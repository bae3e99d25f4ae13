import { globalHandlers } from '@temporalio/worker/lib/workflow/vm-shared';
import { LazyStackStore, MAX_RAW } from './call-stacks-vm';

/** An error as V8 makes it in a workflow: reading its stack is what formats it, and notes the frames. */
function errorAt(...places: string[]): Error {
  const lines = ['at init (hook.js:1:1)', ...places.map((place) => `at ${place}`)];
  return Object.defineProperty(new Error(), 'stack', {
    get() {
      Object.assign(globalHandlers, { currentStackTrace: lines });
      return ['Error', ...lines.map((line) => `    ${line}`)].join('\n');
    },
  });
}

const AT_RACE = ['Promise.race (<anonymous>)', 'workPlan (goal.ts:1:1)'];
const AT_MEMBER = ['Promise.then (<anonymous>)', ...AT_RACE];

describe("a workflow's call stacks", () => {
  it('do not grow with races that are over against a promise that stays pending', () => {
    const store = new LazyStackStore();
    const slow = {};
    store.note(slow, { error: errorAt('step (goal.ts:2:2)'), parent: undefined });
    for (let i = 0; i < 5 * MAX_RAW; i += 1) {
      const race = {};
      store.note(race, { error: errorAt(...AT_RACE), parent: undefined });
      store.note({}, { error: errorAt(...AT_MEMBER), parent: slow });
      store.forget(race);
      store.childToParent.delete(race);
      store.promiseToStack.delete(race);
    }
    expect(store.pending.size).toBeLessThanOrEqual(MAX_RAW);
    expect([store.promiseToStack.size, store.childToParent.size]).toEqual([1, 1]);
    expect(store.promiseToStack.get(slow)?.formatted).toContain('at step (goal.ts:2:2)');
  });

  it('show a race that was formatted early as what its later members wait in', () => {
    const store = new LazyStackStore();
    const [race, slow] = [{}, {}];
    store.note(race, { error: errorAt(...AT_RACE), parent: undefined });
    for (let i = 0; i < MAX_RAW; i += 1) {
      const other = {};
      store.note(other, { error: errorAt('other (goal.ts:3:3)'), parent: undefined });
    }
    store.note({}, { error: errorAt(...AT_MEMBER), parent: slow });
    expect([...store.childToParent.values()].some((parents) => parents.has(slow))).toBe(true);
    expect(store.childToParent.get(race)).toEqual(new Set([slow]));
  });
});
