import { plural } from '../counting';
import type { ErrorRecovery, Lesson } from '../learning/lesson';
import { fitsTemplate, signatureOf } from './error-template';
import type { NextMove, Observation } from './observation';

type RecoveryLesson = Extract<Lesson, { kind: 'error_recovery' }>;

/** A lesson that fitted the error: the move it stands for, and whether it changed the order. */
export interface Weighed {
  readonly id: string;
  readonly move: NextMove;
  readonly changed: boolean;
  readonly why: string;
}

const MOVE_OF: Readonly<Record<ErrorRecovery['recovery'], NextMove>> = {
  retry: 'retry',
  alternative: 'alternative',
  repair: 'replan',
  replan: 'replan',
  ask: 'ask',
  give_up: 'give_up',
};

/** Successes that a recovery needs before it goes first, and trials before one that mostly failed goes last. */
const LEAST_SUCCESSES = 2;
const LEAST_TRIALS = 3;
const BAD = 0.3;

/**
 * Puts allowed moves in the order that lessons about this kind of error teach: what worked at least twice and more often than not
 * goes first, best rate (s + 1) / (s + f + 2) first; what was tried three times and mostly failed goes last. Nothing is added.
 */
export function orderMoves<Move extends { readonly next: NextMove }>(
  allowed: readonly Move[],
  observation: Pick<Observation, 'tool' | 'error' | 'signature'>,
  lessons: readonly RecoveryLesson[],
): { readonly moves: readonly Move[]; readonly lessons: readonly Weighed[] } {
  const fitting = lessons.filter((lesson) => fits(lesson.body, observation));
  const weightOf = (move: Move): number => {
    const own = fitting.filter(({ body }) => MOVE_OF[body.recovery] === move.next);
    return own.length === 0 ? 0 : Math.max(...own.map(({ body }) => weight(body)));
  };
  const moves = [...allowed].sort((one, other) => weightOf(other) - weightOf(one));
  const changed = moves[0] !== allowed[0];
  const told = fitting.map((lesson) => {
    const { recovery, successes, failures } = lesson.body;
    const move = MOVE_OF[recovery];
    const moved = changed && (move === moves[0]?.next || move === allowed[0]?.next);
    const trials = plural(successes + failures, 'time');
    return { id: lesson.id, move, changed: moved, why: `${recovery} helped ${successes} of ${trials}` };
  });
  return { moves, lessons: told };
}

function fits(
  { tool, signature, template }: ErrorRecovery,
  observation: Pick<Observation, 'tool' | 'error' | 'signature'>,
) {
  const { error } = observation;
  if (!error || (tool !== '' && tool !== observation.tool)) return false;
  const own = observation.signature ?? signatureOf(error.code, error.message);
  return signature === own.id || (template !== '' && fitsTemplate(template, error.message));
}

/** Above 0 goes first, below 0 goes last. */
function weight({ successes, failures }: ErrorRecovery): number {
  const rate = (successes + 1) / (successes + failures + 2);
  if (successes >= LEAST_SUCCESSES && rate > 0.5) return rate;
  return successes + failures >= LEAST_TRIALS && rate < BAD ? -1 : 0;
}
