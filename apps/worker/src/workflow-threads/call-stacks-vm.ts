/**
 * The SDK formats a stack trace for every promise that workflow code makes, so that a query can show where a workflow waits:
 * it asks the source map for every frame and compiles a function for every promise, which is a quarter of a worker's CPU. Here
 * a promise keeps its raw trace (a few microseconds); the query formats those that are still pending.
 *
 * Preloaded into workflow threads by `lean-vm.ts`. The file's name must end in `vm.js`, as that one's.
 */
import v8 from 'node:v8';
import { cutoffStackTrace } from '@temporalio/common';
import { globalHandlers } from '@temporalio/worker/lib/workflow/vm-shared';

interface Stack {
  readonly formatted: string;
  readonly structured: readonly unknown[];
}

/** What the SDK's query reads: the stacks of pending promises, and which promise waits for which. */
interface StackStore {
  promiseToStack: Map<object, Stack>;
  childToParent: Map<object, Set<object>>;
}

interface Activator {
  promiseStackStore: StackStore;
}

interface Pending {
  /** Not formatted until its stack is read. */
  readonly error: Error;
  readonly parent: object | undefined;
}

type Realm = (code: string) => () => unknown;

/** The frames of the hook itself. */
const OWN_FRAMES = /^\s*at [^\n]+\n(\s*at initAll \(node:internal\/promise_hooks:\d+:\d+\)\n)?/;
const AGGREGATE = /^\s+at (Function|Promise)\.(race|all|allSettled|any) \(<anonymous>\)/;
/** A promise that an aggregate makes for one of its members. */
const MEMBER =
  /^\s+at Promise\.then \(<anonymous>\)\n(?=\s+at (Function|Promise)\.(race|all|allSettled|any) \(<anonymous>\))/;

/**
 * Raw stacks that a workflow keeps at most. Each race against a promise that stays pending leaves a member behind that stays
 * pending too; formatted, members of a race that is over are known as such, and dropped.
 */
export const MAX_RAW = 1_000;

/** One workflow's stacks: raw while nobody asks. The SDK reads `childToParent.values()` before anything else. */
export class LazyStackStore implements StackStore {
  readonly pending = new Map<object, Pending>();
  readonly promiseToStack = new Map<object, Stack>();
  readonly childToParent: Map<object, Set<object>>;
  private readonly aggregates = new Map<object, string>();

  constructor() {
    const forget = (promise: object): boolean => this.forget(promise);
    const format = (): void => this.format();
    this.childToParent = new (class extends Map<object, Set<object>> {
      override values(): MapIterator<Set<object>> {
        format();
        return super.values();
      }
      override delete(promise: object): boolean {
        return forget(promise) || super.delete(promise);
      }
    })();
  }

  note(promise: object, stack: Pending): void {
    if (this.pending.size >= MAX_RAW) this.format();
    this.pending.set(promise, stack);
  }

  forget(promise: object): boolean {
    this.aggregates.delete(promise);
    return this.pending.delete(promise);
  }

  /** Gives every promise that has none its stack, oldest first; members of an aggregate count as the aggregate. */
  private format(): void {
    for (const [promise, { error, parent }] of this.pending) {
      const stack = stackOf(error);
      if (!stack) continue;
      const isMember = MEMBER.test(stack.formatted);
      const target = isMember ? this.aggregateOf(stack.formatted.replace(MEMBER, '')) : promise;
      if (!target) continue;
      if (!isMember) this.promiseToStack.set(promise, stack);
      if (!isMember && AGGREGATE.test(stack.formatted)) this.aggregates.set(promise, stack.formatted);
      const parents = this.childToParent.get(target) ?? new Set();
      if (parent) parents.add(parent);
      this.childToParent.set(target, parents);
    }
    this.pending.clear();
  }

  /** The latest aggregate made at that place; a member's trace may lack the last frame. */
  private aggregateOf(place: string): object | undefined {
    return [...this.aggregates].reverse().find(([, formatted]) => formatted.startsWith(place))?.[0];
  }
}

/** The trace as the SDK shows it: source positions, without its own frames. */
function stackOf(error: Error): Stack | null {
  globalHandlers.currentStackTrace = undefined;
  const raw = (error.stack ?? '').replace(/^Error[^\n]*\n/, ''); // reading it is what formats it, and notes the frames
  const frames = globalHandlers.currentStackTrace;
  if (!frames) return null;
  const shown = raw.replace(OWN_FRAMES, '');
  const skipped = linesIn(raw) - linesIn(shown);
  const formatted = cutoffStackTrace(shown);
  return { formatted, structured: (frames as unknown[]).slice(skipped, skipped + linesIn(formatted)) };
}

function linesIn(text: string): number {
  return text === '' ? 0 : text.split('\n').length;
}

interface Found {
  readonly realm: Realm;
  readonly activator: Activator;
  readonly ErrorOf: ErrorConstructor;
}

/**
 * The workflow that runs in a promise's realm. Its globals are asked once a call into the sandbox, where they are swapped at the
 * start alone: each look at them costs as much as a promise. The code that looks is compiled once a realm.
 */
export class Realms {
  private readonly known = new WeakMap<Realm, { activator: () => unknown; error: () => unknown }>();
  private current: Found | null = null;

  /** Another call begins, or none runs. */
  forget(): void {
    this.current = null;
  }

  of(promise: object): Found | null {
    const realm = promise.constructor.constructor as unknown as Realm;
    if (realm === (Function as unknown)) return null; // the thread's own
    if (this.current?.realm === realm) return this.current;
    let found = this.known.get(realm);
    if (!found) {
      found = { activator: realm('return globalThis.__TEMPORAL_ACTIVATOR__'), error: realm('return globalThis.Error') };
      this.known.set(realm, found);
    }
    const activator = found.activator() as Activator | undefined;
    if (!activator) return null; // asked again: the workflow is just being made
    return (this.current = { realm, activator, ErrorOf: found.error() as ErrorConstructor });
  }
}

/**
 * Puts the lazy hooks where the SDK puts its own.
 *
 * @returns to be told where a call into the sandbox begins and where it ends
 */
export function keepRawStacks(): () => void {
  const realms = new Realms();
  const createHook = v8.promiseHooks.createHook.bind(v8.promiseHooks);
  v8.promiseHooks.createHook = () =>
    createHook({
      init(promise, parent) {
        const realm = realms.of(promise);
        if (!realm) return;
        const { activator, ErrorOf } = realm;
        if (!(activator.promiseStackStore instanceof LazyStackStore))
          activator.promiseStackStore = new LazyStackStore();
        if (promise === parent) return;
        const store = activator.promiseStackStore as LazyStackStore;
        store.note(promise, { error: new ErrorOf(), parent });
      },
      settled(promise) {
        const store = realms.of(promise)?.activator.promiseStackStore;
        store?.childToParent.delete(promise);
        store?.promiseToStack.delete(promise);
      },
    });
  return () => realms.forget();
}
