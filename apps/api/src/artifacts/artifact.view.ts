import { toPublicId, type ArtifactResponse } from '@goalkeeper/contracts';
import type { ArtifactRecord } from '@goalkeeper/persistence';

export function toArtifactResponse(artifact: ArtifactRecord): ArtifactResponse {
  const id = toPublicId('art', artifact.id);
  return {
    id,
    goalId: artifact.goalId && toPublicId('goal', artifact.goalId),
    name: artifact.name,
    mediaType: artifact.mediaType,
    sizeBytes: artifact.sizeBytes,
    sha256: artifact.sha256,
    createdAt: artifact.createdAt.toISOString(),
    links: { content: `/v1/artifacts/${id}/content` },
  };
}

const BY_EXTENSION: Readonly<Record<string, string>> = {
  csv: 'text/csv',
  tsv: 'text/tab-separated-values',
  json: 'application/json',
  ndjson: 'application/x-ndjson',
  parquet: 'application/vnd.apache.parquet',
  html: 'text/html',
  md: 'text/markdown',
  svg: 'image/svg+xml',
  png: 'image/png',
  txt: 'text/plain',
};

/** The media type that a client named, or that the name suggests; bytes are bytes otherwise. */
export function mediaTypeOf(name: string, given: string | undefined): string {
  const type = given?.split(';')[0]?.trim().toLowerCase() ?? '';
  const isTelling = /^[a-z0-9.+-]+\/[a-z0-9.+-]+$/.test(type) && type !== 'application/octet-stream';
  if (isTelling && type !== 'application/x-www-form-urlencoded') return type;
  return BY_EXTENSION[name.split('.').at(-1)?.toLowerCase() ?? ''] ?? 'application/octet-stream';
}
