import { Inject, Injectable } from '@nestjs/common';
import { toPublicId, type CreateUploadRequest, type UploadResponse } from '@goalkeeper/contracts';
import { newId, type Database, type IdempotencyRequest } from '@goalkeeper/persistence';
import type { Readable } from 'node:stream';
import type { Principal } from '../auth/principal';
import { DATABASE } from '../core/tokens';
import { ApiProblem } from '../http/api-problem';
import { oncePerKey } from '../http/idempotency';
import type { Origin } from '../http/origin';
import { mediaTypeOf, toArtifactResponse } from './artifact.view';
import { ArtifactsService } from './artifacts.service';
import { UploadStore, type UploadPlan } from './upload-store';

/** Files that come in pieces and become artifacts with their last byte. */
@Injectable()
export class UploadsService {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly store: UploadStore,
    private readonly artifacts: ArtifactsService,
  ) {}

  async begin(
    caller: Principal,
    body: CreateUploadRequest,
    from: { origin: Origin; idempotency: IdempotencyRequest | null },
  ): Promise<{ upload: UploadResponse; replayed: boolean }> {
    const reply = await this.database.tenant(caller.tenantId, (tx) =>
      oncePerKey(tx, from.idempotency, async () => ({ status: 201, body: { id: await this.open(caller, body) } })),
    );
    const plan = await this.store.find(caller.tenantId, reply.body.id);
    const isWhole = plan.sizeBytes === 0 && plan.artifactId === null;
    const upload = await this.view(caller, isWhole ? await this.finish(caller, plan, from.origin) : plan);
    return { upload, replayed: reply.replayed };
  }

  private async open(caller: Principal, body: CreateUploadRequest): Promise<string> {
    const plan: UploadPlan = {
      id: newId(),
      tenantId: caller.tenantId,
      name: body.name,
      mediaType: mediaTypeOf(body.name, body.mediaType),
      sizeBytes: body.sizeBytes,
      sha256: body.sha256 ?? null,
      artifactId: null,
    };
    await this.store.begin(plan);
    return plan.id;
  }

  async get(caller: Principal, id: string): Promise<UploadResponse> {
    return this.view(caller, await this.store.find(caller.tenantId, id));
  }

  /** Takes the piece that begins at `offset`; with the last byte the file becomes an artifact. */
  async append(
    caller: Principal,
    id: string,
    piece: { offset: number; content: Readable; origin: Origin },
  ): Promise<UploadResponse> {
    const plan = await this.store.find(caller.tenantId, id);
    const after = await this.store.exclusively(plan, async () => {
      if (plan.artifactId !== null) throw new ApiProblem('upload.offset', { detail: 'The upload is complete' });
      const offset = await this.store.append(plan, piece.offset, piece.content);
      return offset === plan.sizeBytes ? this.finish(caller, plan, piece.origin) : plan;
    });
    return this.view(caller, after);
  }

  private async finish(caller: Principal, plan: UploadPlan, origin: Origin): Promise<UploadPlan> {
    const blob = await this.artifacts.blobs.put(await this.store.complete(plan));
    if (plan.sha256 !== null && plan.sha256 !== blob.sha256) {
      await this.store.restart(plan);
      throw new ApiProblem('upload.hash', { detail: `The content has the SHA-256 ${blob.sha256}` });
    }
    const { name, mediaType } = plan;
    const { id } = await this.artifacts.register(caller, blob, { name, mediaType, origin, keyOf: () => null });
    return this.store.finish(plan, id);
  }

  private async view(caller: Principal, plan: UploadPlan): Promise<UploadResponse> {
    const { id, name, sizeBytes, artifactId } = plan;
    const artifact = artifactId === null ? null : await this.artifacts.get(caller, artifactId);
    return {
      id: toPublicId('upl', id),
      name,
      sizeBytes,
      offset: await this.store.offset(plan),
      artifact: artifact && toArtifactResponse(artifact),
    };
  }
}
