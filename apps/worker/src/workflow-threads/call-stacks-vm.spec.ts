import vm from 'node:vm';
import { globalHandlers } from '@temporalio/worker/lib/workflow/vm-shared';
import { LazyStackStore, MAX_RAW, Realms } from './call-stacks-vm';

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

describe('the workflow that a promise belongs to', () => {
  const context = vm.createContext({});
  const run = (code: string): object => vm.runInContext(code, context) as object;

  it('is looked up once a call into the sandbox, and anew in the next', () => {
    const realms = new Realms();
    expect(realms.of(run('new Promise(() => 0)'))).toBeNull(); // none is loaded: asked again
    run(
      'globalThis.looks = 0; Object.defineProperty(globalThis, "__TEMPORAL_ACTIVATOR__", { configurable: true, get: () => (looks += 1, { run: looks }) })',
    );
    const first = realms.of(run('new Promise(() => 0)'));
    expect(first?.activator).toEqual({ run: 1 });
    expect(first?.ErrorOf).toBe(run('Error'));
    expect(realms.of(run('Promise.resolve()'))?.activator).toEqual({ run: 1 });
    realms.forget();
    expect(realms.of(run('Promise.resolve()'))?.activator).toEqual({ run: 2 });
  });

  it("is none for the thread's own promises, also during a call", () => {
    const realms = new Realms();
    run('globalThis.__TEMPORAL_ACTIVATOR__ = {}');
    expect(realms.of(run('Promise.resolve()'))).not.toBeNull();
    expect(realms.of({ constructor: { constructor: Function } })).toBeNull();
  });
});
