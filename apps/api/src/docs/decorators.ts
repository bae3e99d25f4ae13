import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiResponse } from '@nestjs/swagger';
import { PROBLEMS, type ProblemCode } from '@goalkeeper/contracts';

/** What every route that needs a token may answer. */
const EVERYWHERE: readonly ProblemCode[] = ['auth.required', 'auth.invalid', 'internal', 'database.unavailable'];

const PROBLEM_BODY = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };

/** Documents the refusals of a route, grouped by status, besides those that every route shares. */
export function ApiProblems(...codes: ProblemCode[]): ReturnType<typeof applyDecorators> {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of [...codes, ...EVERYWHERE]) {
    const { status } = PROBLEMS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return applyDecorators(
    ...[...byStatus].map(([status, group]) =>
      ApiResponse({
        status,
        description: group.map((code) => `\`${code}\`: ${PROBLEMS[code].title}`).join('; '),
        content: PROBLEM_BODY,
      }),
    ),
  );
}

const idOf = (what: string, prefix: string) => ({
  name: 'id',
  description: `Id of the ${what}`,
  schema: { type: 'string' as const, pattern: `^${prefix}_[0-9a-f]{32}$` },
});
export const GOAL_ID = idOf('goal', 'goal');
export const ARTIFACT_ID = idOf('artifact', 'art');
export const UPLOAD_ID = idOf('upload', 'upl');
export const LESSON_ID = idOf('lesson', 'les');
export const SNAPSHOT_ID = idOf('snapshot', 'snap');

export const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  required: false,
  description: 'Any unique text, kept for 24 hours: a repeat gets the first answer, and `Idempotent-Replayed: true`',
};
export const UPLOAD_OFFSET = { name: 'Upload-Offset', required: true, description: 'Byte at which the piece begins' };

/** A body of bytes of any kind. */
export function ApiBytesBody(): MethodDecorator {
  return ApiBody({ schema: { type: 'string', format: 'binary' } });
}
