import type { TaskRequest } from '../goals/goal';
import { canonicalJson } from '../json';
import { contentStems, isStopWord, tokens } from '../intent/words';
import type { EpisodeHit } from './memory';
import { plainWords } from './plain-words';

/** An episode as the store gives it: recall adds the reasons. */
export type StoredEpisode = Omit<EpisodeHit, 'why'>;

/** The new goal that looks for earlier ones. */
export interface RecallingGoal {
  readonly objective: string;
  readonly task?: TaskRequest | null;
}

const TASK_WEIGHT = 1;
const ARGUMENT_WEIGHT = 0.5;
const WORD_WEIGHT = 1;
/** Episodes that share less than this with the goal are not recalled. */
const LEAST = 0.2;

/**
 * The episodes most like a goal, best first: 1 for the same task + 0.5 · share of equal arguments + cosine of the words,
 * a word weighing by its rarity among these episodes. Ties: verified before failed, then by id.
 *
 * @returns at most `limit` episodes, each with the reasons it matched
 */
export function rankEpisodes(query: RecallingGoal, episodes: readonly StoredEpisode[], limit: number): EpisodeHit[] {
  const bags = episodes.map((episode) => new Set(contentStems(plainWords(episode.objective))));
  const wanted = new Set(contentStems(plainWords(query.objective)));
  const rarity = rarityOf([...bags, wanted]);
  const scored = episodes.map((episode, index) => {
    const words = cosine(wanted, bags[index] ?? new Set(), rarity);
    const { sameTask, shared } = taskInCommon(query, episode);
    const score = (sameTask ? TASK_WEIGHT : 0) + ARGUMENT_WEIGHT * shared.share + WORD_WEIGHT * words;
    const why = [...taskReasons(query, episode), ...(words > 0 ? [`words ${words.toFixed(2)}`] : [])];
    return { hit: { ...episode, why }, score };
  });
  const order = (hit: EpisodeHit): number => (hit.outcome === 'verified' ? 0 : 1);
  return scored
    .filter(({ score }) => score >= LEAST)
    .sort((a, b) => b.score - a.score || order(a.hit) - order(b.hit) || (a.hit.id < b.hit.id ? -1 : 1))
    .slice(0, Math.max(0, limit))
    .map(({ hit }) => hit);
}

/** Words in common that are named before the list is cut. */
const NAMED_WORDS = 6;

/**
 * What a goal has in common with an earlier one, for people: `same task`, `same source`, `both say analyse, weather`. The
 * same things that {@link rankEpisodes} weighs; the words are the goal's own.
 */
export function resemblance(goal: RecallingGoal, episode: StoredEpisode): string[] {
  const theirs = new Set(contentStems(plainWords(episode.objective)));
  const mine = tokens(plainWords(goal.objective)).filter(({ word, stem }) => !isStopWord(word) && theirs.has(stem));
  const words = [...new Map(mine.map(({ word, stem }) => [stem, word])).values()];
  const more = words.length > NAMED_WORDS ? ', …' : '';
  return [
    ...taskReasons(goal, episode),
    ...(words.length > 0 ? [`both say ${words.slice(0, NAMED_WORDS).join(', ')}${more}`] : []),
  ];
}

function taskReasons(goal: RecallingGoal, episode: StoredEpisode): string[] {
  const { sameTask, shared } = taskInCommon(goal, episode);
  return [...(sameTask ? ['same task'] : []), ...shared.names.map((name) => `same ${name}`)];
}

function taskInCommon({ task }: RecallingGoal, episode: StoredEpisode) {
  const sameTask = task?.name === episode.task.name;
  return {
    sameTask,
    shared: sameTask ? sharedArguments(task?.args ?? {}, episode.task.args) : { share: 0, names: [] },
  };
}

function rarityOf(bags: readonly ReadonlySet<string>[]): (word: string) => number {
  const frequency = new Map<string, number>();
  for (const bag of bags) for (const word of bag) frequency.set(word, (frequency.get(word) ?? 0) + 1);
  return (word) => Math.log(1 + bags.length / (frequency.get(word) ?? 1));
}

/** Cosine of two sets of words with weights, 0..1. */
function cosine(a: ReadonlySet<string>, b: ReadonlySet<string>, weight: (word: string) => number): number {
  const norm = (bag: ReadonlySet<string>): number =>
    Math.sqrt([...bag].reduce((sum, word) => sum + weight(word) ** 2, 0));
  const shared = [...a].filter((word) => b.has(word)).reduce((sum, word) => sum + weight(word) ** 2, 0);
  const scale = norm(a) * norm(b);
  return scale === 0 ? 0 : Math.min(1, shared / scale);
}

function sharedArguments(wanted: TaskRequest['args'], had: TaskRequest['args']): { share: number; names: string[] } {
  const all = new Set([...Object.keys(wanted), ...Object.keys(had)]);
  // Own members only: clients choose the names, and every object has a `toString`.
  const own = (args: TaskRequest['args'], name: string) => (Object.hasOwn(args, name) ? args[name] : undefined);
  const names = [...all].filter((name) => {
    const [a, b] = [own(wanted, name), own(had, name)];
    return a !== undefined && b !== undefined && canonicalJson(a) === canonicalJson(b);
  });
  return { share: all.size === 0 ? 1 : names.length / all.size, names };
}
