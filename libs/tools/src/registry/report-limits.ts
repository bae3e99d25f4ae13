import type { Evidence, Fact } from '@goalkeeper/domain';
import { z } from 'zod';
import type { ArtifactRef } from '../definition';

const OUTPUT_BYTES = 32 * 1024;
const BESIDE_BYTES = 32 * 1024;
const MAX_DEPTH = 32;

const Files = z
  .array(
    z.object({
      sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits'),
      name: z.string().min(1).max(255),
      mediaType: z.string().min(1).max(255),
      sizeBytes: z.int().min(0),
    }),
  )
  .max(1000);

/** What a call wants to leave behind, as its tool gave it: nothing of it has been looked at. */
export interface RawReport {
  readonly output: unknown;
  readonly artifacts: readonly ArtifactRef[];
  readonly evidence: readonly Evidence[];
  readonly facts: readonly Fact[];
}

/**
 * Why a report cannot travel through payloads and tables, or null when it can. Whatever is refused here would otherwise be
 * refused by the engine or the database, which looks like broken infrastructure and is tried again for hours.
 */
export function reportProblem({ output, artifacts, evidence, facts }: RawReport): string | null {
  if (isDeeperThan(output, MAX_DEPTH)) return `an output nested deeper than ${MAX_DEPTH} levels`;
  if (output !== null && (typeof output !== 'object' || Array.isArray(output)))
    return `${Array.isArray(output) ? 'a list' : `a ${typeof output}`} as output; it must be an object`;
  const bytes = sizeOf(output);
  if (bytes > OUTPUT_BYTES) return `${bytes} bytes; more than ${OUTPUT_BYTES} belong in an artifact`;
  const files = Files.safeParse(artifacts);
  if (!files.success) return `files that cannot be kept: ${z.prettifyError(files.error)}`;
  for (const [name, list] of Object.entries({ evidence, facts })) {
    if (!Array.isArray(list)) return `${name} that are no list`;
    if (isDeeperThan(list, MAX_DEPTH)) return `${name} nested deeper than ${MAX_DEPTH} levels`;
    if (sizeOf(list) > BESIDE_BYTES) return `${sizeOf(list)} bytes of ${name}; at most ${BESIDE_BYTES} are kept`;
  }
  return null;
}

function sizeOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? '');
}

/** Iterative, so that depth itself does no harm; ends on cycles, for they are deeper than anything. */
function isDeeperThan(value: unknown, limit: number): boolean {
  const open: { value: unknown; depth: number }[] = [{ value, depth: 0 }];
  for (let item = open.pop(); item !== undefined; item = open.pop()) {
    if (typeof item.value !== 'object' || item.value === null) continue;
    if (item.depth > limit) return true;
    for (const inner of Object.values(item.value)) open.push({ value: inner, depth: item.depth + 1 });
  }
  return false;
}
