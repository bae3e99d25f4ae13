import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject } from '@goalkeeper/domain';
import type { ArtifactRef, ArtifactStore, ToolContext, VerifierContext } from '../../definition';
import { createSourceResolver } from '../../sources/source-resolver';

export interface LocalRoom {
  /** A folder of its own that goals may read from. */
  readonly root: string;
  readonly context: ToolContext;
  write(name: string, content: string | Uint8Array): string;
  verifierContext(outputs: Record<string, JsonObject>, produced: readonly ArtifactRef[]): VerifierContext;
  /** The bytes of a stored file. */
  read(ref: ArtifactRef): Buffer;
  remove(): void;
}

/** A store and a source folder on the local disk, for tests of tools. */
export function localRoom(signal: AbortSignal = new AbortController().signal): LocalRoom {
  const base = mkdtempSync(join(tmpdir(), 'gk-data-'));
  const root = join(base, 'root');
  const blobs = join(base, 'blobs');
  mkdirSync(root);
  mkdirSync(blobs);
  const artifacts: ArtifactStore = {
    async put({ name, mediaType, content }) {
      const bytes = 'path' in content ? readFileSync(content.path) : Buffer.from(content);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      if ('path' in content) copyFileSync(content.path, join(blobs, sha256));
      else writeFileSync(join(blobs, sha256), bytes);
      return { sha256, name, mediaType, sizeBytes: bytes.length };
    },
    async path(sha256) {
      const path = join(blobs, sha256);
      statSync(path);
      return path;
    },
    scratch: async () => mkdtempSync(join(base, 'scratch-')),
  };
  const samplesDir = join(process.cwd(), 'node_modules', 'vega-datasets', 'data');
  const sources = createSourceResolver({ roots: [root], samplesDir, artifactPath: async () => undefined });
  const shared = { tenantId: 'tenant', goalId: 'goal', signal, heartbeat: () => undefined, artifacts, sources };
  return {
    root,
    context: { ...shared, stepId: 'step', idempotencyKey: 'key' },
    write(name, content) {
      writeFileSync(join(root, name), content);
      return name;
    },
    verifierContext: (outputs, produced) => ({ ...shared, outputs, produced }),
    read: (ref) => readFileSync(join(blobs, ref.sha256)),
    remove: () => rmSync(base, { recursive: true, force: true }),
  };
}
