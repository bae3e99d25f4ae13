import { createHash } from 'node:crypto';
import { canonicalJson, type JsonObject, type PlanStep } from '@goalkeeper/domain';

/** What a call means to do, in one digest: SHA-256 over the canonical JSON of the arguments that carry meaning. */
export function intentDigest(meaning: JsonObject): string {
  return sha256(canonicalJson(meaning));
}

/**
 * The key of an effect: the same plan node with the same intent is the same effect in every revision and attempt; a loop
 * that means to do it twice has two occurrences. Neither attempt nor run takes part.
 */
export function effectKey(
  goalId: string,
  step: Pick<PlanStep, 'lineage' | 'occurrence'>,
  tool: string,
  intent: string,
): string {
  return sha256(canonicalJson([goalId, step.lineage, tool, intent, step.occurrence]));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
