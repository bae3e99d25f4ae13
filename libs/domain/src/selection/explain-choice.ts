import { nounFor, plural } from '../counting';
import type { EpisodeHit } from '../memory/memory';
import type { ScoredCandidate, ScoreFactors } from './selection';

export interface Explained {
  readonly step: string;
  readonly scored: readonly ScoredCandidate[];
  readonly best: ScoredCandidate | null;
  /** What would have been chosen had nothing been learned. */
  readonly unlearned: ScoredCandidate | null;
  readonly episodes: readonly EpisodeHit[];
}

/** Why this and not that, and what would have changed the choice, in two or three sentences. */
export function explainChoice({ step, scored, best, unlearned, episodes }: Explained): string {
  if (!best?.factors || best.score === null) {
    const shut = scored.map(({ tool, gates }) => `${tool}: ${gates.map((gate) => gate.reason).join(', ')}`);
    return `Nothing can do "${step}": ${shut.join('; ') || 'it has no tool'}.`;
  }
  const sentences = [`${best.tool}: ${track(best.factors)}, score ${round(best.score)}.`, against(scored, best)];
  if (unlearned && unlearned.bindingIndex !== best.bindingIndex) {
    sentences.push(`Without what was learned from earlier calls it would have been ${unlearned.tool}.`);
  }
  if (episodes.length > 0) {
    const verified = episodes.filter((episode) => episode.outcome === 'verified').length;
    sentences.push(`Recalled ${plural(episodes.length, 'earlier goal')} (${verified} verified).`);
  }
  return sentences.join(' ');
}

function track(factors: ScoreFactors): string {
  const calls = factors.successes + factors.failures;
  const known =
    calls === 0
      ? 'never tried here'
      : `${round(factors.successes)} of ${round(calls)} ${nounFor(calls, 'call')} worked`;
  return `p ${round(factors.p)} (${known})`;
}

function against(scored: readonly ScoredCandidate[], best: ScoredCandidate): string {
  const others = scored.filter((candidate) => candidate.bindingIndex !== best.bindingIndex);
  const open = others.filter((candidate) => candidate.score !== null);
  const shut = others.flatMap(({ tool, gates }) => (gates[0] ? [`${tool} is out: ${gates[0].reason}`] : []));
  const second = [...open].sort((a, b) => (b.score ?? 0) - (a.score ?? 0))[0];
  const parts = [second ? whatWouldChange(best, second) : others.length === 0 ? 'No other tool does this step.' : ''];
  if (shut.length > 0) parts.push(`${shut.join('; ')}.`);
  return parts.filter((part) => part !== '').join(' ');
}

/** The term that made most of the difference, and the p at which the order would turn. */
function whatWouldChange(best: ScoredCandidate, second: ScoredCandidate): string {
  if (!best.factors || !second.factors || best.score === null || second.score === null) return '';
  const margin = best.score - second.score;
  const decisive = decisiveFactor(best.factors, second.factors);
  const turn = best.factors.p - margin;
  const turns =
    turn > 0
      ? `${second.tool} would be chosen if p of ${best.tool} fell below ${round(turn)}`
      : `no p of ${best.tool} alone would change that`;
  const why = decisive ? `, mostly for ${decisive}` : ', declared first';
  return `It beats ${second.tool} (${round(second.score)}) by ${round(margin)}${why}; ${turns}.`;
}

function decisiveFactor(best: ScoreFactors, second: ScoreFactors): string | null {
  const terms: readonly [string, number][] = [
    ['its success rate', best.p - second.p],
    ['its cost', second.costWeight * second.costUsd - best.costWeight * best.costUsd],
    ['its speed', second.latencyWeight * second.expectedSeconds - best.latencyWeight * best.expectedSeconds],
    ['its lower risk', second.risk - best.risk],
  ];
  const [name, gain] = terms.reduce((top, term) => (term[1] > top[1] ? term : top));
  return gain > 0 ? name : null;
}

function round(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}
