import { createHash } from 'node:crypto';
import { canonicalJson, type Json } from '@goalkeeper/domain';
import type { ExportedLesson } from '@goalkeeper/contracts';

type Exported = Pick<ExportedLesson, 'kind' | 'key' | 'body' | 'tasks' | 'versions'>;

/** SHA-256 of what a lesson says, so that one that was changed on its way is seen. */
export function digestOf({ kind, key, body, tasks, versions }: Exported): string {
  const told: Json = { kind, key, body, tasks, versions };
  return createHash('sha256').update(canonicalJson(told)).digest('hex');
}
