import { nounFor, plural } from '../counting';
import type { EpisodeHit } from '../memory/memory';
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
}

/** Why this and not that, and what would have changed the choice, in a few sentences. */
export function explainChoice(told: Explained): string {
  const { step, scored, best, unlearned, episodes } = told;
  if (!best?.factors || best.score === null) {
    const shut = scored.map(({ tool, gates }) => `${tool}: ${gates.map((gate) => gate.reason).join(', ')}`);
    return `Nothing can do "${step}": ${shut.join('; ') || 'it has no tool'}.`;
  }
  const sentences = [
    `${best.tool}: ${track(best.factors)}, score ${round(best.score)}.`,
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
  replan: 'another plan may do better',
};

function track(factors: ScoreFactors): string {
  const calls = factors.toolSuccesses + factors.toolFailures;
  const known =
    calls === 0
      ? 'never tried here'
      : `${round(factors.toolSuccesses)} of ${round(calls)} ${nounFor(calls, 'call')} worked`;
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
  const mostly = margin === 0 ? 'declared first' : `mostly for ${why}`;
  const passes = decisive.factor === 'p' ? 'fell below' : 'rose above';
  return `${beats}, ${mostly}; ${second.tool} would be chosen if ${turn} of ${best.tool} ${passes} ${round(decisive.flipsAt)}.`;
}

/** Which lessons took part, and what each did to the score of its candidate. */
function lessonsOf(scored: readonly ScoredCandidate[]): string {
  const parts = scored.flatMap(({ tool, lessons = [] }) =>
    lessons.map(({ id, kind, change }) => {
      const by = `${change < 0 ? '−' : '+'}${round(Math.abs(change))}`;
      return `${kind.replaceAll('_', ' ')} ${id} (${tool} ${by})`;
    }),
  );
  return parts.length === 0 ? '' : `Lessons that took part: ${parts.join(', ')}.`;
}

function round(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}
