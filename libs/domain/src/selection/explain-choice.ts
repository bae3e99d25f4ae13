import { nounFor, plural } from '../counting';
import type { EpisodeHit } from '../memory/memory';
import { publicName } from '../public-id';
import { ranked } from './decisive';
import type { Advice, DecisiveFactor, ScoredCandidate, ScoreFactors } from './selection';

export interface Explained {
  readonly step: string;
  readonly scored: readonly ScoredCandidate[];
  readonly best: ScoredCandidate | null;
  /** What would have been chosen had nothing been learned. */
  readonly unlearned: ScoredCandidate | null;
  readonly episodes: readonly EpisodeHit[];
  readonly decisive: DecisiveFactor | null;
  readonly advice: Advice | null;
  readonly confidence: number;
  /** True when the goal is one of those that use nothing that was learned. */
  readonly isUntaught: boolean;
}

/** Why this and not that, and what would have changed the choice, in a few sentences. */
export function explainChoice(told: Explained): string {
  const { step, scored, best, unlearned, episodes } = told;
  if (!best?.factors || best.score === null) {
    const shut = scored.map(({ tool, gates }) => `${tool}: ${gates.map((gate) => gate.reason).join(', ')}`);
    return `Nothing can do "${step}": ${shut.join('; ') || 'it has no tool'}.`;
  }
  const sentences = [
    `${best.tool}: ${track(best.factors, told.isUntaught)}, score ${round(best.score)}.`,
    told.isUntaught
      ? 'Nothing that was learned takes part: this goal is one of the control share, or learning is off.'
      : '',
    against(scored, best, told.decisive),
    lessonsOf(scored),
  ];
  if (unlearned && unlearned.bindingIndex !== best.bindingIndex) {
    sentences.push(`Without what was learned from earlier calls it would have been ${unlearned.tool}.`);
  }
  if (episodes.length > 0) {
    const verified = episodes.filter((episode) => episode.outcome === 'verified').length;
    sentences.push(`Recalled ${plural(episodes.length, 'earlier goal')} (${verified} verified).`);
  }
  if (told.advice) sentences.push(`Confidence ${round(told.confidence)} is low: ${ADVICE[told.advice]}.`);
  return sentences.filter((sentence) => sentence !== '').join(' ');
}

const ADVICE: Readonly<Record<Advice, string>> = {
  ask: 'a person should be asked before what cannot be undone',
  gather: 'more should be known about this tool',
  replan: 'it mostly failed so far, and another way, where there is one, may do better',
};

function track(factors: ScoreFactors, isUntaught: boolean): string {
  const calls = factors.toolSuccesses + factors.toolFailures;
  const known = isUntaught
    ? 'its record is left aside'
    : calls === 0
      ? 'no call of it counts so far'
      : `${amount(factors.toolSuccesses)} of ${amount(calls)} counted ${nounFor(Number(amount(calls)), 'call')} worked`;
  const drawn = factors.draw > 0 ? `, sampled around ${round(factors.mean)} so that others get their turn` : '';
  return `p ${round(factors.p)} (${known}${drawn})`;
}

function against(scored: readonly ScoredCandidate[], best: ScoredCandidate, decisive: DecisiveFactor | null): string {
  const [, second] = ranked(scored);
  const shut = scored.flatMap(({ tool, gates }) => (gates[0] ? [`${tool} is out: ${gates[0].reason}`] : []));
  const parts = [
    second ? whatWouldChange(best, second, decisive) : scored.length === 1 ? 'No other tool does this step.' : '',
  ];
  if (shut.length > 0) parts.push(`${shut.join('; ')}.`);
  return parts.filter((part) => part !== '').join(' ');
}

const NAMES: Readonly<Record<DecisiveFactor['factor'], readonly [why: string, turn: string]>> = {
  p: ['its success rate', 'p'],
  costUsd: ['its cost', 'the cost in US dollars'],
  expectedSeconds: ['its speed', 'the expected seconds'],
  risk: ['its lower risk', 'the risk'],
  penalty: ['its lower penalty', 'the penalty'],
};

/** The term that made most of the difference, and the value at which the order would turn. */
function whatWouldChange(best: ScoredCandidate, second: ScoredCandidate, decisive: DecisiveFactor | null): string {
  if (best.score === null || second.score === null) return '';
  const margin = best.score - second.score;
  const beats = `It beats ${second.tool} (${round(second.score)}) by ${round(margin)}`;
  if (!decisive) return `${beats}; no one factor alone would change that.`;
  const [why, turn] = NAMES[decisive.factor];
  const mostly = margin === 0 ? 'declared first' : (byLuck(best, second, decisive) ?? `mostly for ${why}`);
  const passes = decisive.factor === 'p' ? 'fell below' : 'rose above';
  return `${beats}, ${mostly}; ${second.tool} would be chosen if ${turn} of ${best.tool} ${passes} ${round(decisive.flipsAt)}.`;
}

/** Sampling may put the one with the lower expectation first: then its draw decided, and no record did. */
function byLuck({ factors: mine }: ScoredCandidate, other: ScoredCandidate, { factor }: DecisiveFactor): string | null {
  const theirs = other.factors;
  if (factor !== 'p' || !mine || !theirs || mine.draw === 0 || mine.mean >= theirs.mean) return null;
  const means = `expected ${round(mine.mean)} against ${round(theirs.mean)}`;
  return `by its draw and not by its record (${means}), so that it gets its turn`;
}

/** Which lessons took part, and what each did to the score of its candidate. */
function lessonsOf(scored: readonly ScoredCandidate[]): string {
  const parts = scored.flatMap(({ tool, lessons = [] }) =>
    lessons.map(({ id, kind, change }) => {
      const by = `${change < 0 ? '−' : '+'}${round(Math.abs(change))}`;
      return `${kind.replaceAll('_', ' ')} ${publicName('les', id)} (${tool} ${by})`;
    }),
  );
  return parts.length === 0 ? '' : `Lessons that took part: ${parts.join(', ')}.`;
}

/** Counts fade with time, so they are not whole. */
function amount(count: number): string {
  return String(Math.round(count * 10) / 10);
}

function round(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}
