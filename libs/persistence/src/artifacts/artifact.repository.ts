import type { EntityManager } from 'typeorm';
import type { FrameTx } from '../database/frame';
import { rows, text } from '../sql';
import { ArtifactRow } from './artifact.entity';

/** A file that came in (an upload, a goal's source) or went out (what a goal's tools made); bytes live in the blob store. */
export interface ArtifactRecord {
  readonly id: string;
  /** Null for uploads, which belong to no goal. */
  readonly goalId: string | null;
  readonly stepId: string | null;
  readonly name: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly direction: 'in' | 'out';
  readonly createdAt: Date;
}

export type NewArtifact = Omit<ArtifactRecord, 'createdAt'>;

/** The file inside the frame of a call, which must not wait for a second connection; null when the tenant has none of that id. */
export async function findArtifact(
  tx: Pick<FrameTx, 'query'>,
  id: string,
): Promise<Pick<ArtifactRecord, 'sha256' | 'name'> | null> {
  const [found] = await tx.query('SELECT sha256, name FROM artifact WHERE id = $1', [id]);
  return found ? { sha256: String(found.sha256), name: String(found.name) } : null;
}

export class ArtifactRepository {
  constructor(private readonly tx: EntityManager) {}

  /**
   * Stores files, one statement each; a goal's file that is listed already, by whatever step, is left alone.
   *
   * @returns ids of those that were not listed before
   */
  async add(...artifacts: readonly NewArtifact[]): Promise<readonly string[]> {
    const added: string[] = [];
    for (const file of artifacts) {
      const stored = await rows<{ id: string }>(
        this.tx,
        `INSERT INTO artifact (id, tenant_id, goal_id, step_id, name, media_type, size_bytes, sha256, direction)
         VALUES ($1, gk_tenant(), $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING RETURNING id`,
        [
          file.id,
          file.goalId,
          file.stepId,
          text(file.name),
          file.mediaType,
          file.sizeBytes,
          file.sha256,
          file.direction,
        ],
      );
      added.push(...stored.map(({ id }) => id));
    }
    return added;
  }

  /** The file, or null when the tenant has none of that id. One statement. */
  async get(id: string): Promise<ArtifactRecord | null> {
    return this.tx.findOneBy(ArtifactRow, { id });
  }

  /** A goal's files, oldest first. One statement. */
  async listByGoal(goalId: string, direction?: 'in' | 'out'): Promise<ArtifactRecord[]> {
    return this.tx.find(ArtifactRow, {
      where: direction ? { goalId, direction } : { goalId },
      order: { createdAt: 'ASC', id: 'ASC' },
    });
  }
}
