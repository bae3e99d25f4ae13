import type { CalibrationMap } from '@goalkeeper/domain';
import type { EntityManager } from 'typeorm';
import { json, row, rows } from '../sql';

/** A decision whose call has ended. */
export interface EndedDecision {
  readonly tool: string;
  /** Probability before calibration (`mean` of the chosen candidate), and the confidence that was told. */
  readonly stated: number;
  readonly confidence: number;
  readonly worked: boolean;
}

export interface StoredCalibration {
  readonly map: CalibrationMap;
  readonly fittedAt: Date;
}

/** Failures whose cause was not the tool say nothing of what was stated of it. Decisions of older versions have no `mean`: what they stated was their confidence. */
const ENDED = `
  SELECT a.tool, (d.body->>'confidence')::double precision AS confidence, a.outcome <> 'failure' AS worked,
    coalesce((SELECT (c->'factors'->>'mean')::double precision FROM jsonb_array_elements(d.body->'candidates') AS c
      WHERE c->'bindingIndex' = d.body->'chosen'->'bindingIndex'), (d.body->>'confidence')::double precision) AS stated
  FROM decision d JOIN action a ON a.goal_id = d.goal_id AND a.step_id = d.step_id AND a.call_no = d.call_no
  LEFT JOIN observation o ON o.goal_id = d.goal_id AND o.step_id = d.step_id AND o.call_no = d.call_no
  WHERE a.outcome IN ('success', 'partial', 'failure')
    AND (a.outcome <> 'failure' OR coalesce(o.body->'error'->>'blame', 'tool') = 'tool') AND ($2::text IS NULL OR a.tool = $2)
  ORDER BY d.created_at DESC, d.goal_id, d.step_id, d.call_no LIMIT $1`;

/** How stated probabilities turned out, of the tenant of the transaction. */
export class CalibrationRepository {
  constructor(private readonly tx: EntityManager) {}

  /** Decisions with what became of their calls, newest first; unknown ends are left out. One statement. */
  async ended(limit: number, tool: string | null = null): Promise<EndedDecision[]> {
    return rows<EndedDecision>(this.tx, ENDED, [limit, tool]);
  }

  /** The map in force, or null. One statement. */
  async current(): Promise<StoredCalibration | null> {
    const found = await row<{ body: CalibrationMap; fitted_at: Date }>(
      this.tx,
      'SELECT body, fitted_at FROM calibration WHERE tenant_id = gk_tenant()',
    );
    return found && { map: found.body, fittedAt: found.fitted_at };
  }

  /** Puts a map into force: goals that start from now on use it. One statement. */
  async save(map: CalibrationMap): Promise<void> {
    await rows(
      this.tx,
      `INSERT INTO calibration (tenant_id, body) VALUES (gk_tenant(), $1)
       ON CONFLICT (tenant_id) DO UPDATE SET body = excluded.body, fitted_at = now()`,
      [json(map)],
    );
  }

  /** Tenants with decisions newer than their map; use it in `Database.system`. One statement. */
  async due(): Promise<string[]> {
    const found = await rows<{ id: string }>(this.tx, 'SELECT tenant_id AS id FROM gk_tenants_to_calibrate()');
    return found.map(({ id }) => id);
  }
}
