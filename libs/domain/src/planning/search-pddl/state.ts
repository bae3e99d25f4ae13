import type { GroundProblem, Operator } from './ground-problem';

/** A set of facts, never changed once made, with a 53-bit digest. */
export interface State {
  readonly words: Uint32Array;
  readonly digest: Digest;
}

/** Two 32-bit halves that are combined by exclusive or (Zobrist hashing). */
export interface Digest {
  readonly high: number;
  readonly low: number;
}

/** Scatters the bits of a 32-bit number (the finaliser of MurmurHash3). */
export function scatter(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) | 0;
}

/** One number for a pair of digests, exact below 2^53. */
export function joinDigests(a: Digest, b: Digest): number {
  const high = scatter(a.high + Math.imul(b.high, 0x9e3779b1));
  const low = scatter((a.low ^ 0x5bd1e995) + Math.imul(b.low, 0x27d4eb2f));
  return (high >>> 11) * 0x100000000 + (low >>> 0);
}

export function holds(words: Uint32Array, facts: readonly number[]): boolean {
  for (const fact of facts) if (!(((words[fact >>> 5] ?? 0) >>> (fact & 31)) & 1)) return false;
  return true;
}

/** Executes operators on states. */
export class StateSpace {
  readonly initial: State;
  private readonly derivedByStratum: { stratum: number; facts: number[] }[];

  constructor(private readonly problem: GroundProblem) {
    const strata = new Map<number, number[]>();
    for (const [fact, stratum] of problem.derived) strata.set(stratum, [...(strata.get(stratum) ?? []), fact]);
    this.derivedByStratum = [...strata]
      .map(([stratum, facts]) => ({ stratum, facts }))
      .toSorted((a, b) => a.stratum - b.stratum);
    const words = new Uint32Array((problem.factCount + 31) >>> 5);
    for (const fact of problem.init) words[fact >>> 5] = (words[fact >>> 5] ?? 0) | (1 << (fact & 31));
    this.derive(words);
    this.initial = { words, digest: digestOf(words) };
  }

  applicable(state: State, operator: Operator): boolean {
    return holds(state.words, operator.condition);
  }

  /** The state after an applicable operator; the same object when it changes nothing. */
  apply(state: State, operator: Operator): State {
    const words = state.words.slice();
    const firing = operator.effects.filter(({ condition }) => holds(state.words, condition));
    for (const { deletes } of firing) for (const fact of deletes) this.set(words, fact, false);
    for (const { adds } of firing) for (const fact of adds) this.set(words, fact, true);
    if (this.problem.derived.size > 0) this.derive(words);
    let high = state.digest.high;
    let low = state.digest.low;
    let changed = false;
    for (let index = 0; index < words.length; index += 1) {
      const before = state.words[index] ?? 0;
      const after = words[index] ?? 0;
      if (before === after) continue;
      changed = true;
      high ^= wordHash(index, before, HIGH) ^ wordHash(index, after, HIGH);
      low ^= wordHash(index, before, LOW) ^ wordHash(index, after, LOW);
    }
    return changed ? { words, digest: { high, low } } : state;
  }

  private set(words: Uint32Array, fact: number, value: boolean): void {
    const bit = 1 << (fact & 31);
    const word = words[fact >>> 5] ?? 0;
    words[fact >>> 5] = value ? word | bit : word & ~bit;
    const negation = this.problem.negationOf[fact] ?? -1;
    if (negation < 0) return;
    const other = 1 << (negation & 31);
    const otherWord = words[negation >>> 5] ?? 0;
    words[negation >>> 5] = value ? otherWord & ~other : otherWord | other;
  }

  /** Recomputes the derived facts, stratum by stratum, each to its least fixpoint. */
  private derive(words: Uint32Array): void {
    for (const { facts } of this.derivedByStratum) for (const fact of facts) this.set(words, fact, false);
    for (const { stratum } of this.derivedByStratum) {
      const axioms = this.problem.axioms.filter((axiom) => axiom.stratum === stratum);
      for (let changed = true; changed;) {
        changed = false;
        for (const { head, body } of axioms) {
          if (holds(words, [head]) || !holds(words, body)) continue;
          this.set(words, head, true);
          changed = true;
        }
      }
    }
  }
}

const HIGH = 0x51ed270b;
const LOW = 0x2545f491;

function wordHash(index: number, word: number, salt: number): number {
  return word === 0 ? 0 : scatter(Math.imul(word, 0x9e3779b1) + scatter(index ^ salt));
}

function digestOf(words: Uint32Array): Digest {
  let high = 0;
  let low = 0;
  words.forEach((word, index) => {
    high ^= wordHash(index, word, HIGH);
    low ^= wordHash(index, word, LOW);
  });
  return { high, low };
}
