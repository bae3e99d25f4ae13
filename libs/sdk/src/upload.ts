import type { ArtifactResponse, UploadResponse } from '@goalkeeper/contracts';
import { ProblemError, UnreachableError } from './errors';
import { pause, type Transport } from './transport';

export interface UploadFile {
  readonly name: string;
  readonly content: Blob;
  readonly mediaType?: string;
  /** Told how many bytes the server holds. */
  readonly onProgress?: (bytes: number, total: number) => void;
}

const PIECE_BYTES = 8 * 1024 * 1024;
const MAX_FAILURES_IN_A_ROW = 8;

/** Uploads in pieces; after a broken connection it asks where the server stands and goes on from there. */
export async function uploadInPieces(transport: Transport, file: UploadFile): Promise<ArtifactResponse> {
  const upload = await transport.json<UploadResponse>('/v1/uploads', {
    method: 'POST',
    headers: { 'idempotency-key': crypto.randomUUID() },
    repeatable: true,
    json: { name: file.name, sizeBytes: file.content.size, ...(file.mediaType ? { mediaType: file.mediaType } : {}) },
  });
  const path = `/v1/uploads/${upload.id}`;
  let { offset, artifact } = upload;
  let failures = 0;
  while (!artifact) {
    try {
      const piece = file.content.slice(offset, offset + PIECE_BYTES);
      const headers = { 'upload-offset': String(offset), 'content-type': 'application/octet-stream' };
      const answer = await transport.json<UploadResponse>(path, { method: 'PUT', body: piece, headers });
      ({ offset, artifact } = answer);
      failures = 0;
      file.onProgress?.(offset, file.content.size);
    } catch (error) {
      failures += 1;
      if (!mayGoOn(error) || failures >= MAX_FAILURES_IN_A_ROW) throw error;
      await pause(Math.min(100 * 2 ** failures, 3_000));
      ({ offset, artifact } = await transport.json<UploadResponse>(path));
    }
  }
  return artifact;
}

function mayGoOn(error: unknown): boolean {
  if (error instanceof ProblemError) return error.retryable || error.code === 'upload.offset';
  return error instanceof UnreachableError;
}
