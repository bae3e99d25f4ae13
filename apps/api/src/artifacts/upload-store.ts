import { createWriteStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { ApiConfig } from '@goalkeeper/platform';
import { CONFIG } from '../core/tokens';
import { ApiProblem } from '../http/api-problem';

/** Unfinished uploads are dropped after a day. */
const MAX_AGE_MS = 86_400_000;

/** What was announced of a file whose bytes come in pieces. */
export interface UploadPlan {
  readonly id: string;
  readonly tenantId: string;
  readonly name: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
  readonly sha256: string | null;
  /** The UUID of the artifact, once the file is complete. */
  readonly artifactId: string | null;
}

/** Pieces of files on their way in, on disk: an upload survives the connection and the process. */
@Injectable()
export class UploadStore {
  private readonly dir: string;
  /** Uploads that some request is writing to. */
  private readonly busy = new Set<string>();

  constructor(@Inject(CONFIG) config: ApiConfig) {
    this.dir = join(config.dataDir, 'uploads');
  }

  async begin(plan: UploadPlan): Promise<void> {
    await mkdir(this.dir, { recursive: true, mode: 0o700 });
    await writeFile(this.partOf(plan.id), '', { flag: 'wx', mode: 0o600 });
    await this.save(plan);
  }

  /** Writes the plan beside and renames, so that it is never half there. */
  async save(plan: UploadPlan): Promise<void> {
    const beside = `${this.planOf(plan.id)}.new`;
    await writeFile(beside, JSON.stringify(plan), { mode: 0o600 });
    await rename(beside, this.planOf(plan.id));
  }

  /** @throws {ApiProblem} `upload.not_found`, also for another tenant's */
  async find(tenantId: string, id: string): Promise<UploadPlan> {
    const text = await readFile(this.planOf(id), 'utf8').catch(absent);
    const plan = text === null ? null : (JSON.parse(text) as UploadPlan);
    if (plan?.tenantId !== tenantId) throw new ApiProblem('upload.not_found');
    return plan;
  }

  /** Bytes that are stored. */
  async offset(plan: UploadPlan): Promise<number> {
    if (plan.artifactId !== null) return plan.sizeBytes;
    const part = await stat(this.partOf(plan.id)).catch(absent);
    return part?.size ?? 0;
  }

  /** Runs `work` unless another request is writing to the upload. */
  async exclusively<T>(plan: UploadPlan, work: () => Promise<T>): Promise<T> {
    if (this.busy.has(plan.id))
      throw new ApiProblem('upload.offset', { detail: 'Another request is writing to this upload' });
    this.busy.add(plan.id);
    try {
      return await work();
    } finally {
      this.busy.delete(plan.id);
    }
  }

  /**
   * Appends a piece; what arrived before a broken connection stays.
   *
   * @param offset where the client believes the upload stands
   * @returns where it stands afterwards
   */
  async append(plan: UploadPlan, offset: number, piece: Readable): Promise<number> {
    const stands = await this.offset(plan);
    if (offset !== stands)
      throw new ApiProblem('upload.offset', {
        detail: `The upload stands at ${stands}, not ${offset}`,
        headers: { 'Upload-Offset': String(stands) },
      });
    const target = createWriteStream(this.partOf(plan.id), { flags: 'r+', start: offset });
    await pipeline(piece, limiter(plan.sizeBytes - offset), target);
    return this.offset(plan);
  }

  /** The complete file, flushed. */
  async complete(plan: UploadPlan): Promise<{ path: string }> {
    const file = await open(this.partOf(plan.id), 'r+');
    await file.sync().finally(() => file.close());
    return { path: this.partOf(plan.id) };
  }

  /** Keeps what became of the upload and drops its bytes. */
  async finish(plan: UploadPlan, artifactId: string): Promise<UploadPlan> {
    const done = { ...plan, artifactId };
    await this.save(done);
    await rm(this.partOf(plan.id), { force: true });
    return done;
  }

  /** Empties an upload whose content was not what had been announced. */
  async restart(plan: UploadPlan): Promise<void> {
    await writeFile(this.partOf(plan.id), '', { mode: 0o600 });
  }

  async forgetOld(): Promise<void> {
    const names = (await readdir(this.dir).catch(absent)) ?? [];
    for (const name of names) {
      const entry = await stat(join(this.dir, name)).catch(absent);
      if (entry && Date.now() - entry.mtimeMs > MAX_AGE_MS) await rm(join(this.dir, name), { force: true });
    }
  }

  private planOf(id: string): string {
    return join(this.dir, `${id}.json`);
  }

  private partOf(id: string): string {
    return join(this.dir, `${id}.part`);
  }
}

function limiter(leftBytes: number): Transform {
  let left = leftBytes;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      left -= chunk.length;
      if (left < 0) done(new ApiProblem('request.too_large', { detail: 'More bytes than were announced' }));
      else done(null, chunk);
    },
  });
}

function absent(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}
