import type { ToolDescriptor } from '../tools/effect';
import type { Advice, ScoreFactors } from './selection';

/** Below these confidences an action is not simply taken: the first where the effect cannot be undone. */
export const LEAST_CONFIDENCE = { once: 0.5, other: 0.25 } as const;

/** Calls below which a record is thin: more should be known before much is planned around it. */
const THIN = 3;

/**
 * What to do when the confidence is too low: ask before an effect that cannot be undone; gather more where the record of tool and
 * context is thin (a suspicion, not an experience); else plan around it. Null when the confidence is enough.
 */
export function adviceOf(
  { effect }: Pick<ToolDescriptor, 'effect'>,
  factors: ScoreFactors,
  confidence: number,
): Advice | null {
  if (confidence >= (effect === 'once' ? LEAST_CONFIDENCE.once : LEAST_CONFIDENCE.other)) return null;
  if (effect === 'once') return 'ask';
  return factors.toolSuccesses + factors.toolFailures < THIN ? 'gather' : 'replan';
}
