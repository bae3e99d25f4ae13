import { pipeline } from 'node:stream/promises';
import type { ArtifactRecord } from '@goalkeeper/persistence';
import type { BlobStore } from '@goalkeeper/platform';
import type { Request, Response } from 'express';
import { ApiProblem } from '../http/api-problem';
import { isKnown } from '../http/entity-tag';
import { parseRange } from './byte-range';

/** What a browser may show without saving it; sandboxed, so that nothing in it runs or calls out. */
const SHOWABLE = new Set([
  'text/html',
  'text/plain',
  'text/markdown',
  'text/csv',
  'application/json',
  'image/svg+xml',
  'image/png',
]);
const POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'";

/** Sends a file, or the range of it that was asked for. Never as something that a browser would trust. */
export async function sendContent(
  artifact: ArtifactRecord,
  { blobs, inline, request, response }: { blobs: BlobStore; inline: boolean; request: Request; response: Response },
): Promise<void> {
  const tag = `"${artifact.sha256}"`;
  response.set({
    ETag: tag,
    'Cache-Control': 'private, max-age=31536000, immutable',
    'Accept-Ranges': 'bytes',
    'X-Content-Type-Options': 'nosniff',
    'Content-Security-Policy': POLICY,
    'Content-Disposition': dispositionOf(artifact, inline),
    'Content-Type': contentTypeOf(artifact),
  });
  if (isKnown(request, tag)) {
    response.status(304).end();
    return;
  }
  const ifRange = request.get('if-range');
  const range = ifRange === undefined || ifRange === tag ? parseRange(request.get('range'), artifact.sizeBytes) : null;
  if (range === 'unsatisfiable')
    throw new ApiProblem('request.range', { headers: { 'Content-Range': `bytes */${artifact.sizeBytes}` } });
  const source = await blobs.openRead(artifact.sha256, range ?? undefined);
  if (range) response.status(206).set('Content-Range', `bytes ${range.start}-${range.end}/${artifact.sizeBytes}`);
  response.set('Content-Length', String(range ? range.end - range.start + 1 : artifact.sizeBytes));
  if (request.method === 'HEAD') {
    source.destroy();
    response.end();
    return;
  }
  await pipeline(source, response).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  });
}

/** What our own tools write is UTF-8; what clients bring is as it is. */
function contentTypeOf({ mediaType, direction }: ArtifactRecord): string {
  const isOurText = direction === 'out' && mediaType.startsWith('text/');
  return isOurText && !mediaType.includes('charset=') ? `${mediaType}; charset=utf-8` : mediaType;
}

function dispositionOf({ name, mediaType }: ArtifactRecord, inline: boolean): string {
  const kind = inline && SHOWABLE.has(mediaType.split(';')[0] ?? '') ? 'inline' : 'attachment';
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const encoded = encodeURIComponent(name).replace(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16)}`);
  return `${kind}; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
