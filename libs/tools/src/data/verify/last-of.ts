import type { VerifierContext } from '../../definition';

/** The last output of a step that has the shape. */
export function lastOf<T>(
  context: VerifierContext,
  schema: { safeParse(value: unknown): { success: boolean; data?: T } },
): T | undefined {
  return Object.values(context.outputs)
    .map((output) => schema.safeParse(output))
    .findLast((parsed) => parsed.success)?.data;
}
