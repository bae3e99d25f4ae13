import { Inject, Injectable } from '@nestjs/common';
import { MAX_ARTIFACT_BYTES, toPublicId, type ArtifactList, type ArtifactResponse } from '@goalkeeper/contracts';
import {
  ArtifactRepository,
  AuditRepository,
  GoalRepository,
  newId,
  type ArtifactRecord,
  type Database,
  type IdempotencyRequest,
  type NewArtifact,
} from '@goalkeeper/persistence';
import { BlobStore, type StoredBlob } from '@goalkeeper/platform';
import type { Readable } from 'node:stream';
import type { Principal } from '../auth/principal';
import { DATABASE } from '../core/tokens';
import { auditEntry } from '../goals/goals.service';
import { ApiProblem } from '../http/api-problem';
import { oncePerKey } from '../http/idempotency';
import type { Origin } from '../http/origin';
import { toArtifactResponse } from './artifact.view';

export interface NewFile {
  readonly name: string;
  readonly mediaType: string;
  readonly origin: Origin;
  /** The client's key, once the content is known. */
  readonly keyOf: (content: StoredBlob) => IdempotencyRequest | null;
}

@Injectable()
export class ArtifactsService {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    readonly blobs: BlobStore,
  ) {}

  /** Stores a stream as a file of the tenant; it is complete or not there. */
  async store(
    caller: Principal,
    content: Readable,
    file: NewFile,
  ): Promise<{ artifact: ArtifactResponse; replayed: boolean }> {
    const blob = await this.blobs.put(content, MAX_ARTIFACT_BYTES);
    const { id, replayed } = await this.register(caller, blob, file);
    return { artifact: toArtifactResponse(await this.get(caller, id)), replayed };
  }

  /** Lists a stored blob as a file of the tenant; answers the new file's UUID. */
  async register(
    caller: Principal,
    { sha256, sizeBytes }: StoredBlob,
    file: NewFile,
  ): Promise<{ id: string; replayed: boolean }> {
    const { name, mediaType, origin } = file;
    const artifact: NewArtifact = {
      id: newId(),
      goalId: null,
      stepId: null,
      name,
      mediaType,
      sizeBytes,
      sha256,
      direction: 'in',
    };
    const { body, replayed } = await this.database.tenant(caller.tenantId, (tx) =>
      oncePerKey(tx, file.keyOf({ sha256, sizeBytes }), async () => {
        await new ArtifactRepository(tx).add(artifact);
        const entry = auditEntry(caller, 'artifact.create', toPublicId('art', artifact.id), origin);
        await new AuditRepository(tx).add(entry);
        return { status: 201, body: { id: artifact.id } };
      }),
    );
    return { id: body.id, replayed };
  }

  async get(caller: Principal, id: string): Promise<ArtifactRecord> {
    const artifact = await this.database.tenant(caller.tenantId, (tx) => new ArtifactRepository(tx).get(id));
    if (!artifact) throw new ApiProblem('artifact.not_found');
    return artifact;
  }

  async listOfGoal(caller: Principal, goalId: string): Promise<ArtifactList> {
    return this.database.tenant(caller.tenantId, async (tx) => {
      if (!(await new GoalRepository(tx).get(goalId))) throw new ApiProblem('goal.not_found');
      const files = await new ArtifactRepository(tx).listByGoal(goalId);
      return { data: files.map(toArtifactResponse) };
    });
  }
}
