import {
  type Attempt,
  failedItself,
  type GoalEvidence,
  groupBy,
  rounded,
  sortedUnique,
  weightsOf,
  worked,
} from '../evidence';
import { probabilityBelow } from '../compare';
import type { ErrorRecovery } from '../lesson';
import type { Candidate } from '../lesson-record';
import { HALF_LIVES, type Proposer, versionsIn } from './proposer';

type Recovery = ErrorRecovery['recovery'];
const RECOVERIES: readonly Recovery[] = ['retry', 'alternative', 'repair', 'replan', 'ask', 'give_up'];

/** Failures after which a recovery that helped in less than {@link USELESS} of the cases is told to be no good. */
const LEAST_FAILURES = 8;
const USELESS = 0.1;
/** P(better than what is done anyway) from which a recovery is taken for better whatever the tool … */
const CLEARLY = 0.99;
/** … even if so large a share of the cases had ended the other way: a few that somebody made up must not decide. */
const MADE_UP = 0.1;

interface Case {
  readonly goal: GoalEvidence;
  readonly attempt: Attempt;
  readonly recovery: Recovery;
  readonly recovered: boolean;
}

/**
 * What worked after an error of one signature: for each recovery that was tried, how often the step's next call worked (a new
 * plan: the goal was verified). The one with the best mean of Beta(1 + successes, 1 + failures) is proposed.
 */
export const errorRecovery: Proposer<'error_recovery'> = {
  kind: 'error_recovery',
  propose(evidence, nowMs) {
    const cases = evidence.flatMap(casesOf);
    const common = [...groupBy(cases, ({ attempt }) => attempt.error?.signature ?? '').values()].flatMap((group) =>
      new Set(group.map(({ attempt }) => attempt.tool)).size > 1
        ? candidatesOf(group, { tool: '', evidence, nowMs, cases })
        : [],
    );
    const known = new Set(common.map(({ body }) => `${body.signature} ${body.recovery}`));
    const groups = groupBy(cases, ({ attempt }) => `${attempt.tool}\n${attempt.error?.signature ?? ''}`);
    const own = [...groups.values()].flatMap((group) =>
      candidatesOf(group, { tool: group[0]?.attempt.tool ?? '', evidence, nowMs, cases }),
    );
    // What holds whatever the tool needs no lesson for each: more goals tell of it, so that it is tried sooner.
    return [...common, ...own.filter(({ body }) => !known.has(`${body.signature} ${body.recovery}`))];
  },
  concerns: ({ body }, goal) => goal.attempts.some((attempt) => isMeant(body, attempt)),
  agrees({ body }, goal) {
    const cases = casesOf(goal).filter(({ attempt, recovery }) => isMeant(body, attempt) && recovery === body.recovery);
    return cases.length === 0 ? null : cases.some(({ recovered }) => recovered) === body.successes >= body.failures;
  },
};

function isMeant(body: ErrorRecovery, { tool, error }: Attempt): boolean {
  return (body.tool === '' || tool === body.tool) && error?.signature === body.signature;
}

const known = new WeakMap<GoalEvidence, readonly Case[]>();

/** {@link readCases}, read once for each goal: every lesson of a round asks. */
function casesOf(goal: GoalEvidence): readonly Case[] {
  const before = known.get(goal);
  if (before) return before;
  const cases = readCases(goal);
  known.set(goal, cases);
  return cases;
}

/** Every failure of a goal with what was done about it and whether that helped; help counts in verified goals alone. */
function readCases(goal: GoalEvidence): Case[] {
  return goal.attempts.flatMap((attempt, index) => {
    const recovery = RECOVERIES.find((one) => one === attempt.next);
    if (!attempt.error || !failedItself(attempt) || !recovery) return [];
    const following = goal.attempts.slice(index + 1).find(({ stepId }) => stepId === attempt.stepId);
    const helped = recovery === 'replan' || recovery === 'repair' ? true : following !== undefined && worked(following);
    return [{ goal, attempt, recovery, recovered: goal.verified && helped }];
  });
}

interface Asked {
  /** Empty: whatever the tool. */
  readonly tool: string;
  readonly evidence: readonly GoalEvidence[];
  readonly nowMs: number;
  /** All failures, of whatever kind. */
  readonly cases: readonly Case[];
}

/** The recovery that did best after the errors of one group, where it helped more often than not. */
function candidatesOf(group: readonly Case[], asked: Asked): Extract<Candidate, { kind: 'error_recovery' }>[] {
  const { tool, evidence, nowMs } = asked;
  const tried = [...groupBy(group, ({ recovery }) => recovery).values()].map((cases) => bodyOf(cases, tool, nowMs));
  tried.sort((a, b) => meanOf(b) - meanOf(a) || (a.recovery < b.recovery ? -1 : 1));
  const slack = MADE_UP * group.length;
  const isClear = (best: ErrorRecovery): boolean => {
    const other = tried.find(({ recovery }) => recovery === usual(group));
    return other !== undefined && probabilityBelow(turned(other, slack), turned(best, -slack), 0) >= CLEARLY;
  };
  const isUseless = (body: ErrorRecovery): boolean => isPutOff(body, asked);
  // Whatever the tool: the best of those that clearly are better, so that few cases of another do not push it aside.
  const best = tool === '' ? tried.find(isClear) : tried[0];
  return tried
    .filter((body) => isUseless(body) || (body === best && body.successes > body.failures))
    .filter((body) => isUseless(body) || body.recovery !== usual(group))
    .map((body) => {
      const isGood = body.successes > body.failures;
      const agreeing = group.filter(({ recovery, recovered }) => recovery === body.recovery && recovered === isGood);
      return {
        kind: 'error_recovery',
        key: `${tool} | ${body.signature}${isGood ? '' : ` | not ${body.recovery}`}`,
        body,
        tasks: sortedUnique(group.map(({ goal }) => goal.task)),
        sources: sortedUnique(agreeing.map(({ goal }) => goal.goalId)),
        versions: versionsIn(evidence, tool === '' ? [] : [tool]),
      };
    });
}

/** What would be known had so many cases ended the other way: more successes above zero, fewer below. */
function turned({ successes, failures }: ErrorRecovery, cases: number): { successes: number; failures: number } {
  const more = Math.max(-successes, Math.min(failures, cases));
  return { successes: successes + more, failures: failures - more };
}

/** What is done about these failures without any lesson; null where that is not the same for all. */
function usual(group: readonly Case[]): Recovery | null {
  const moves = group.map(({ attempt }): Recovery => {
    if (attempt.error?.duration === 'transient') return 'retry';
    return attempt.tools.length > 1 ? 'alternative' : 'replan';
  });
  const [first = null] = moves;
  return moves.every((move) => move === first) ? first : null;
}

/**
 * Tried often enough, it all but never helped, and it does help after other errors: better put off than done first. What helps
 * nowhere says nothing of this kind of error.
 */
function isPutOff(body: ErrorRecovery, { tool, nowMs, cases }: Asked): boolean {
  if (body.recovery !== 'retry' || body.failures < LEAST_FAILURES || meanOf(body) >= USELESS) return false;
  // An error that several tools have is judged by all of them: many looks see more by chance than one.
  const tools = new Set(
    cases.filter(({ attempt }) => attempt.error?.signature === body.signature).map(({ attempt }) => attempt.tool),
  );
  if (tool !== '' && tools.size > 1) return false;
  const others = cases.filter(
    ({ attempt, recovery }) => recovery === body.recovery && attempt.error?.signature !== body.signature,
  );
  return others.length > 0 && probabilityBelow(body, bodyOf(others, tool, nowMs), 0) >= CLEARLY;
}

function bodyOf(cases: readonly Case[], tool: string, nowMs: number): ErrorRecovery {
  const weights = weightsOf(
    cases.map(({ goal }) => goal.atMs),
    nowMs,
    HALF_LIVES,
  );
  const sumWhere = (isHelp: boolean): number =>
    rounded(cases.reduce((sum, { recovered }, index) => sum + (recovered === isHelp ? (weights[index] ?? 0) : 0), 0));
  const { attempt, recovery } = cases[0] as Case;
  const { signature = '', template = '' } = attempt.error ?? {};
  return { signature, template, tool, recovery, successes: sumWhere(true), failures: sumWhere(false) };
}

function meanOf({ successes, failures }: ErrorRecovery): number {
  return (1 + successes) / (2 + successes + failures);
}
