import { type EpisodeHit, plainWords } from '@goalkeeper/domain';
import type { EntityManager } from 'typeorm';
import { rows, text } from '../sql';

export interface EpisodeQuery {
  /** Words; null lists the newest. */
  readonly words: string | null;
  readonly task: string | null;
  readonly outcome: 'verified' | 'failed' | null;
  readonly limit: number;
  /** How many of the list to leave out. */
  readonly offset: number;
}

export interface FoundEpisode extends Omit<EpisodeHit, 'why'> {
  readonly createdAt: Date;
  /** Stems that both have, and pairs of a word asked for and one that is written almost alike. */
  readonly stems: readonly string[];
  readonly alike: readonly string[];
}

/** Hits that a search ranks; whoever asks for more should ask more precisely. */
export const MOST_HITS = 1_000;
/** Share of trigrams that two words must have in common to be taken for one another. */
const ALIKE = 0.4;

/** Search in what memory keeps of finished goals: by words in any form, by words written almost so, by task and outcome. */
export class EpisodeSearchRepository {
  constructor(private readonly tx: EntityManager) {}

  /** Best match first, then newest. One statement. */
  async search({ words, task, outcome, limit, offset }: EpisodeQuery): Promise<FoundEpisode[]> {
    const parameters = [task, outcome, limit, offset];
    if (words === null || words.trim() === '') return rows<FoundEpisode>(this.tx, NEWEST, parameters);
    return rows<FoundEpisode>(this.tx, BY_WORDS, [...parameters, text(plainWords(words))]);
  }
}

const FIELDS = `e.id, e.goal_id AS "goalId", e.objective, e.task, e.outcome, e.methods, e.created_at AS "createdAt"`;
const STRUCTURE = `($1::text IS NULL OR e.task_name = $1) AND ($2::text IS NULL OR e.outcome = $2)`;

const NEWEST = `
  SELECT ${FIELDS}, ARRAY[]::text[] AS stems, ARRAY[]::text[] AS alike FROM episode e WHERE ${STRUCTURE}
  ORDER BY e.created_at DESC, e.id DESC LIMIT $3 OFFSET $4`;

/** Each stem that is asked for stands for itself and, where no episode has it, for those that share most of its trigrams. */
const BY_WORDS = `
  WITH asked AS (
    SELECT left(stem, 100) AS stem FROM unnest(tsvector_to_array(to_tsvector('english', $5))) AS stem LIMIT 40
  ), meant AS (
    SELECT a.stem AS asked, a.stem AS stem, 1.0 AS weight FROM asked a
    UNION ALL
    SELECT a.stem, k.stem, k.share FROM asked a CROSS JOIN LATERAL (
      SELECT s.stem, (SELECT count(*) FROM unnest(s.trigrams) AS t WHERE t = ANY (gk_trigrams(a.stem)))::numeric
        / cardinality(ARRAY(SELECT unnest(s.trigrams) UNION SELECT unnest(gk_trigrams(a.stem)))) AS share
      FROM episode_stem s WHERE s.tenant_id = gk_tenant() AND s.trigrams && gk_trigrams(a.stem)
    ) AS k
    WHERE k.share >= ${ALIKE} AND k.stem <> a.stem
      AND NOT EXISTS (SELECT FROM episode_stem s WHERE s.tenant_id = gk_tenant() AND s.stem = a.stem)
  ), hits AS (
    SELECT w.episode_id, m.asked, m.stem, m.weight, count(*) OVER (PARTITION BY m.asked, m.stem) AS having_it
    FROM meant m CROSS JOIN LATERAL (SELECT k.episode_id FROM episode_word k WHERE k.tenant_id = gk_tenant() AND k.stem = m.stem
      ORDER BY k.episode_id DESC LIMIT ${MOST_HITS}) AS w
  ), ranked AS (
    SELECT episode_id, sum(weight::double precision * ln(1 + ${MOST_HITS} / having_it::double precision)) AS rank,
      array_agg(DISTINCT stem) FILTER (WHERE stem = asked) AS stems,
      array_agg(DISTINCT asked || ' ~ ' || stem) FILTER (WHERE stem <> asked) AS alike
    FROM hits GROUP BY episode_id
  )
  SELECT ${FIELDS}, coalesce(r.stems, '{}') AS stems, coalesce(r.alike, '{}') AS alike
  FROM ranked r JOIN episode e ON e.id = r.episode_id WHERE ${STRUCTURE}
  ORDER BY r.rank DESC, e.id DESC LIMIT $3 OFFSET $4`;
