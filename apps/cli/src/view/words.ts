import type { GoalState } from '@goalkeeper/domain';
import type { Style } from '../text/spans';
import type { StepState } from './model';

/** A sign, the word that says the same, and a colour that adds nothing to it. */
export interface Badge {
  readonly glyph: string;
  readonly word: string;
  readonly style: Style;
}

const badge = (glyph: string, word: string, style: Style): Badge => ({ glyph, word, style });

export const STEP_BADGES: Readonly<Record<StepState, Badge>> = {
  waiting: badge('○', 'waiting', 'dim'),
  running: badge('●', 'running', 'cyan'),
  retrying: badge('↻', 'retrying', 'yellow'),
  done: badge('✔', 'done', 'green'),
  failed: badge('✖', 'failed', 'red'),
  skipped: badge('–', 'skipped', 'dim'),
};

export const GOAL_BADGES: Readonly<Record<GoalState, Badge>> = {
  queued: badge('○', 'queued', 'dim'),
  planning: badge('●', 'planning', 'cyan'),
  running: badge('●', 'running', 'cyan'),
  waiting_dependency: badge('◌', 'waits for other goals', 'yellow'),
  waiting_input: badge('◌', 'waits for an answer', 'yellow'),
  waiting_approval: badge('◌', 'waits for an approval', 'yellow'),
  paused: badge('‖', 'paused', 'yellow'),
  cancelling: badge('◌', 'cancelling', 'yellow'),
  succeeded: badge('✔', 'verified', 'green'),
  failed: badge('✖', 'failed', 'red'),
  cancelled: badge('✖', 'cancelled', 'red'),
  timed_out: badge('✖', 'timed out', 'red'),
  budget_exceeded: badge('✖', 'budget exceeded', 'red'),
};
