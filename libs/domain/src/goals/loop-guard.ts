import { plural } from '../counting';
import { canonicalJson } from '../json';
import type { ToolBinding } from '../planning/pack';
import type { Fact } from '../planning/plan';
import { stateDigest, stateOf } from '../planning/state';

/** What a goal remembers of its calls so that it does not go round in circles. Plain JSON, small: it survives continue-as-new. */
export interface LoopRecord {
  /** Failures of an action in a state: those that were judged final, and all with their retries. */
  readonly failures: Readonly<Record<string, { readonly final: number; readonly all: number }>>;
  /** The newest calls since the plan was first revised, oldest first. */
  readonly recent: readonly { readonly action: string; readonly state: string; readonly revision: number }[];
  /** Calls judged final since something was last achieved. */
  readonly idle: number;
}

export const NO_LOOPS: LoopRecord = { failures: {}, recent: [], idle: 0 };

/** A failing action in one state goes out so often at most. */
const MOST_FINAL = 2;
/** The same with retries of what may pass: the first try and three more. */
const MOST_TRIES = 4;
/** Two actions that take turns so often, each time in the states they met before, go on for ever. */
const TURNS = 4;
/** Calls without anything achieved, at least; twice the steps of a longer plan, of which many may fail at once. */
const MOST_IDLE = 20;

/** A call that has been judged. */
export interface JudgedCall {
  readonly binding: ToolBinding;
  /** What held when it went out. */
  readonly facts: readonly Fact[];
  readonly worked: boolean;
  /** False when the same call is repeated because its failure may pass. */
  readonly isFinal: boolean;
  readonly revision: number;
}

/**
 * The record after one more call. Calls that work under a first plan cost nothing: without failures and revisions there is no loop,
 * for a plan is finite.
 */
export function noteCall(record: LoopRecord, call: JudgedCall): LoopRecord {
  const { worked, isFinal, revision } = call;
  if (worked && revision < 2 && record.idle === 0) return record;
  const action = actionOf(call.binding);
  const state = stateOfFacts(call.facts);
  const isRepeat = record.recent.some((before) => before.action === action && before.state === state);
  const recent =
    revision < 2 || !isFinal ? record.recent : [...record.recent, { action, state, revision }].slice(-TURNS * 2);
  if (worked) return { ...record, recent, idle: isRepeat ? record.idle + 1 : 0 };
  const key = keyOf(action, state);
  const before = record.failures[key] ?? { final: 0, all: 0 };
  const failures = { final: before.final + Number(isFinal), all: before.all + 1 };
  return {
    failures: { ...record.failures, [key]: failures },
    recent,
    idle: record.idle + Number(isFinal),
  };
}

/**
 * Which of a step's actions must not go out now, with the reason: each failed for good twice, or with its retries four times, in a
 * state as it is now.
 *
 * @returns by the key that selection bans actions by (`actionKey`)
 */
export function loopBans(
  record: LoopRecord,
  bindings: readonly ToolBinding[],
  facts: readonly Fact[],
): Readonly<Record<string, string>> {
  const bans: Record<string, string> = {};
  if (Object.keys(record.failures).length === 0) return bans;
  const state = stateOfFacts(facts);
  for (const binding of bindings) {
    const { final = 0, all = 0 } = record.failures[keyOf(actionOf(binding), state)] ?? {};
    if (final >= MOST_FINAL || all >= MOST_TRIES)
      bans[textOf(binding)] = `${binding.tool} failed ${plural(all, 'time')} with these arguments in this state`;
  }
  return bans;
}

/** Why going on would be going round in circles; null when it would not. */
export function loopVerdict(
  { recent, idle }: LoopRecord,
  planSteps: number,
): { readonly code: 'goal.loop' | 'goal.no_progress'; readonly message: string } | null {
  if (isPingPong(recent.slice(-TURNS)))
    return { code: 'goal.loop', message: 'Two actions undo each other: they take turns in the same states' };
  if (idle < Math.max(MOST_IDLE, 2 * planSteps)) return null;
  return { code: 'goal.no_progress', message: `${plural(idle, 'call')} in a row brought the goal no further` };
}

function isPingPong(turns: LoopRecord['recent']): boolean {
  const [a, b, c, d] = turns;
  if (!a || !b || !c || !d) return false;
  const isSame = (x: typeof a, y: typeof a): boolean => x.action === y.action && x.state === y.state;
  return a.action !== b.action && isSame(a, c) && isSame(b, d) && a.revision < d.revision;
}

/** As `actionKey` writes it: selection, which has that, is no part of a workflow's bundle. */
const textOf = ({ tool, args }: ToolBinding): string => `${tool} ${canonicalJson(args)}`;

const actionOf = (binding: ToolBinding): string => digest(textOf(binding));

function stateOfFacts(facts: readonly Fact[]): string {
  return digest(stateDigest(stateOf(facts)));
}

const keyOf = (action: string, state: string): string => `${action}/${state}`;

/** 64 bits of a text, from two differently seeded FNV-1a sums of 32 bits: keys of a record, no protection against anybody. */
function digest(text: string): string {
  let a = 0x811c9dc5;
  let b = 0x01000193 ^ text.length;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ (code + index), 0x85ebca6b);
  }
  return (a >>> 0).toString(36) + (b >>> 0).toString(36);
}
