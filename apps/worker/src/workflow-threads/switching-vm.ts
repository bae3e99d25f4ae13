/**
 * All workflows of a thread share one vm context; the SDK swaps what is on `globalThis` whenever another one runs on. It does so
 * from within the context, through the slow interceptors of Node's vm: it describes some 80 properties and compares them all,
 * 60 µs each time, dozens of times a goal. Here a workflow's differences from the pristine globals are found and swapped through
 * the object outside of the context, where a property costs next to nothing.
 *
 * Node shows inside what the outer object holds, and the context's own property where it holds none. Whatever is set or changed
 * inside lands on the outer object, but for new symbols; those, and built-ins that were deleted, show in the list of keys inside.
 *
 * Preloaded into workflow threads by `lean-vm.ts`. The file's name must end in `vm.js`, as that one's.
 */
import { createHash } from 'node:crypto';
import vm from 'node:vm';

/** What the SDK keeps of each workflow; `bag` describes the pristine globals until the SDK itself swaps. */
interface Holder {
  readonly bag: Descriptors;
}

type Key = string | symbol;
type Descriptors = Record<Key, PropertyDescriptor>;
/** What a workflow sees otherwise than pristine; null where it sees nothing. */
type Differences = ReadonlyMap<Key, PropertyDescriptor | null>;

const NONE: Differences = new Map<Key, null>();

/** SHA-256 of the SDK's script that this file stands in for. */
export const SDK_SCRIPT = '8a0e7d293869f25e8c49d47a039072f70c5a01740dc1263e01fc1f4c5201f85b';
const SWITCHER = '__TEMPORAL_CALL_INTO_SCOPE';

/** As the SDK's script ends: the same name in stack traces, the same frames. `enter` swaps and hands over the call. */
const CALLER = `(enter) => {
    const ${SWITCHER} = () => {
      const [fn, args] = enter();
      return __TEMPORAL__.api[fn](...args);
    };
    Object.defineProperty(globalThis, '${SWITCHER}', {
      value: ${SWITCHER}, writable: false, enumerable: false, configurable: false
    });
  }`;

/** Swaps the globals of one context. */
export class Globals {
  /** The context's global object as it is seen inside. */
  private readonly inner: object;
  private readonly pristine = new Map<Key, PropertyDescriptor>();
  private readonly pristineOutside = new Set<Key>();
  private readonly kept = new WeakMap<Holder, Differences>();
  private current: Holder | null = null;

  /** @param outer the object that was made a context */
  constructor(private readonly outer: vm.Context) {
    this.inner = vm.runInContext('globalThis', outer) as object;
  }

  /** Makes the globals those of another workflow; a holder that is new begins with the pristine ones. */
  enter(holder: Holder): void {
    if (this.current === holder) return;
    if (this.pristine.size === 0) this.takePristine(holder.bag);
    const before = this.current ? this.differences() : NONE;
    const after = this.kept.get(holder) ?? NONE;
    if (this.current) this.kept.set(this.current, before);
    for (const [key, now] of before) {
      const wanted = after.get(key);
      this.put(key, now, wanted === undefined ? this.pristine.get(key) : wanted);
    }
    for (const [key, wanted] of after) if (!before.has(key)) this.put(key, this.pristine.get(key), wanted);
    this.current = holder;
  }

  private takePristine(bag: Descriptors): void {
    for (const key of Reflect.ownKeys(bag)) if (bag[key]) this.pristine.set(key, bag[key]);
    for (const key of Reflect.ownKeys(this.outer)) this.pristineOutside.add(key);
  }

  /** What the running workflow sees otherwise than pristine. */
  private differences(): Differences {
    const { outer, inner, pristine } = this;
    const found = new Map<Key, PropertyDescriptor | null>();
    for (const key of Reflect.ownKeys(outer)) {
      const now = Reflect.getOwnPropertyDescriptor(outer, key);
      if (now && !(this.pristineOutside.has(key) && isSame(now, pristine.get(key)))) found.set(key, now);
    }
    const visible = Reflect.ownKeys(inner);
    let left = pristine.size;
    for (const key of visible) {
      if (pristine.has(key)) left -= 1;
      else if (!found.has(key)) found.set(key, Reflect.getOwnPropertyDescriptor(inner, key) ?? null);
    }
    if (left === 0) return found;
    const deleted = new Set(pristine.keys());
    for (const key of visible) deleted.delete(key);
    for (const key of deleted) found.set(key, null);
    return found;
  }

  /** Where only a value differs it is set outside; all else goes through the context, which keeps attributes of its own. */
  private put(
    key: Key,
    now: PropertyDescriptor | null | undefined,
    wanted: PropertyDescriptor | null | undefined,
  ): void {
    const { outer, inner } = this;
    const isOutside = wanted !== this.pristine.get(key) || this.pristineOutside.has(key);
    if (wanted && now?.writable && isOutside && hasSameAttributes(now, wanted) && Object.hasOwn(outer, key)) {
      Reflect.set(outer, key, wanted.value);
      return;
    }
    Reflect.deleteProperty(inner, key);
    if (!wanted) return;
    Reflect.defineProperty(inner, key, wanted);
    if (!isOutside) Reflect.deleteProperty(outer, key);
  }
}

function isSame(one: PropertyDescriptor, other: PropertyDescriptor | undefined): boolean {
  return (
    other !== undefined &&
    Object.is(one.value, other.value) &&
    one.get === other.get &&
    one.set === other.set &&
    hasSameAttributes(one, other)
  );
}

/** True for two that are values, or accessors, of the same kind. */
function hasSameAttributes(one: PropertyDescriptor, other: PropertyDescriptor): boolean {
  return (
    one.writable === other.writable && one.enumerable === other.enumerable && one.configurable === other.configurable
  );
}

/**
 * Puts the cheap switch where the SDK puts its own.
 *
 * @param onOther told of a script of the SDK that switches otherwise than the one this file was written for; that is left alone
 */
export function switchCheaply(onOther: () => void): void {
  const runInContext = vm.runInContext.bind(vm);
  vm.runInContext = (code, context, options) => {
    if (!code.includes(`const ${SWITCHER} =`)) return runInContext(code, context, options) as unknown;
    if (createHash('sha256').update(code).digest('hex') !== SDK_SCRIPT) {
      onOther();
      return runInContext(code, context, options) as unknown;
    }
    return install(context);
  };
}

function install(context: vm.Context): void {
  const globals = new Globals(context);
  const enter = (): [fn: string, args: unknown[]] => {
    const [holder, fn, args] = context.__temporal_args as [Holder, string, unknown[]];
    delete context.__temporal_args;
    globals.enter(holder);
    return [fn, args];
  };
  (new vm.Script(CALLER).runInContext(context) as (enter: () => unknown) => void)(enter);
}
