import type { EpisodeHit, MethodStat, TaskRequest, ToolStat } from '@goalkeeper/domain';
import type { EntityManager } from 'typeorm';
import { json, prepared, rows, text } from '../sql';

/** A finished goal that may matter for a new one; why it matters is for the mind to say. */
export interface EpisodeCandidate extends Omit<EpisodeHit, 'why'> {
  readonly finishedAt: Date;
  /** PostgreSQL's rank of the shared words, 0 when none are shared; for ordering, not a similarity. */
  readonly rank: number;
}

export interface RecallQuery {
  /** The new goal in words, as they are. */
  readonly words: string;
  /** Name of the task, when it is known already. */
  readonly task: string | null;
  readonly limit: number;
}

export interface NewEpisode {
  readonly id: string;
  readonly goalId: string;
  readonly objective: string;
  readonly task: TaskRequest;
  readonly outcome: 'verified' | 'failed';
  readonly methods: Readonly<Record<string, string>>;
}

/** What one goal adds to a tool's record; never a total, so that goals ending at once lose nothing. */
export interface ToolStatDelta {
  readonly tool: string;
  readonly successes: number;
  readonly failures: number;
  /** Sum over these calls, milliseconds. */
  readonly durationMs: number;
}

export type MethodStatDelta = MethodStat;

/** Every stem of the new goal's words, any of which may match. */
const RECALL = prepared(
  'recall_episodes',
  `
  WITH asked AS (
    SELECT string_agg('''' || replace(replace(stem, '\\', '\\\\'), '''', '''''') || '''', ' | ')::tsquery AS query
    FROM unnest(tsvector_to_array(to_tsvector('english', $1))) AS stem
  ), by_words AS (
    SELECT e.id, ts_rank(e.words, asked.query) AS rank FROM episode e, asked
    WHERE e.words @@ asked.query ORDER BY rank DESC, e.created_at DESC LIMIT $3
  ), by_task AS (
    SELECT e.id FROM episode e WHERE $2::text IS NOT NULL AND e.task_name = $2 ORDER BY e.created_at DESC LIMIT $3
  )
  SELECT e.id, e.goal_id AS "goalId", e.objective, e.task, e.outcome, e.methods, e.created_at AS "finishedAt",
    coalesce(w.rank, 0)::double precision AS rank
  FROM episode e LEFT JOIN by_words w ON w.id = e.id
  WHERE e.id IN (SELECT id FROM by_words UNION SELECT id FROM by_task)
  ORDER BY rank DESC, e.created_at DESC, e.id LIMIT $3`,
);

const TOOL_STATS = prepared(
  'tool_stats',
  `SELECT tool, successes::integer, failures::integer, duration_ms / greatest(successes + failures, 1) AS "meanDurationMs"
  FROM tool_stat WHERE $1::text[] IS NULL OR tool = ANY ($1) ORDER BY tool`,
);

const METHOD_STATS = prepared(
  'method_stats',
  `SELECT task, method, successes::integer, failures::integer
  FROM method_stat WHERE $1::text IS NULL OR task = $1 ORDER BY task, method`,
);

const ADD_EPISODE = prepared(
  'add_episode',
  `INSERT INTO episode (id, tenant_id, goal_id, objective, task_name, task, outcome, methods)
  SELECT $1::uuid, tenant_id, id, $3::text, $4::text, $5::jsonb, $6::text, $7::jsonb FROM goal WHERE id = $2 ON CONFLICT (goal_id) DO NOTHING RETURNING id`,
);

const BUMP_TOOL_STATS = prepared(
  'bump_tool_stats',
  `INSERT INTO tool_stat (tenant_id, tool, successes, failures, duration_ms)
  SELECT gk_tenant(), d.tool, sum(d.successes), sum(d.failures), sum(d."durationMs")
  FROM jsonb_to_recordset($1::jsonb) AS d (tool text, successes bigint, failures bigint, "durationMs" double precision)
  GROUP BY d.tool ORDER BY d.tool
  ON CONFLICT (tenant_id, tool) DO UPDATE SET
    successes = tool_stat.successes + excluded.successes, failures = tool_stat.failures + excluded.failures,
    duration_ms = tool_stat.duration_ms + excluded.duration_ms, updated_at = now()`,
);

const BUMP_METHOD_STATS = prepared(
  'bump_method_stats',
  `INSERT INTO method_stat (tenant_id, task, method, successes, failures)
  SELECT gk_tenant(), d.task, d.method, sum(d.successes), sum(d.failures)
  FROM jsonb_to_recordset($1::jsonb) AS d (task text, method text, successes bigint, failures bigint)
  GROUP BY d.task, d.method ORDER BY d.task, d.method
  ON CONFLICT (tenant_id, task, method) DO UPDATE SET
    successes = method_stat.successes + excluded.successes, failures = method_stat.failures + excluded.failures,
    updated_at = now()`,
);

export class MemoryRepository {
  constructor(private readonly tx: EntityManager) {}

  /** Episodes that share words with the goal or did the same task, best match first. One statement. */
  async recallCandidates(query: RecallQuery): Promise<EpisodeCandidate[]> {
    return rows<EpisodeCandidate>(this.tx, RECALL, [text(query.words), query.task, query.limit]);
  }

  /** The record of the named tools (of all when none are named); tools never used are missing. One statement. */
  async toolStats(tools?: readonly string[]): Promise<ToolStat[]> {
    return rows<ToolStat>(this.tx, TOOL_STATS, [tools ?? null]);
  }

  /** How the methods of a task (of all tasks when none is named) fared. One statement. */
  async methodStats(task?: string | null): Promise<MethodStat[]> {
    return rows<MethodStat>(this.tx, METHOD_STATS, [task ?? null]);
  }

  /**
   * Keeps a finished goal. One statement.
   *
   * @returns false when that goal has its episode already: then its statistics must not be counted again
   */
  async addEpisode(episode: NewEpisode): Promise<boolean> {
    const added = await rows(this.tx, ADD_EPISODE, [
      episode.id,
      episode.goalId,
      text(episode.objective),
      episode.task.name,
      json(episode.task),
      episode.outcome,
      json(episode.methods),
    ]);
    return added.length === 1;
  }

  /** Adds to the records of tools. One statement, none for an empty list. */
  async bumpToolStats(deltas: readonly ToolStatDelta[]): Promise<void> {
    if (deltas.length === 0) return;
    await rows(this.tx, BUMP_TOOL_STATS, [json(deltas)]);
  }

  /** Adds to the records of methods. One statement, none for an empty list. */
  async bumpMethodStats(deltas: readonly MethodStatDelta[]): Promise<void> {
    if (deltas.length === 0) return;
    await rows(this.tx, BUMP_METHOD_STATS, [json(deltas)]);
  }
}
