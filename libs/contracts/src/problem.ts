import { z } from 'zod';

/** A kind of problem or of a goal's failure, as `GET /errors/{code}` explains it. */
export const ProblemKindView = z
  .object({
    code: z.string(),
    status: z
      .int()
      .nullable()
      .meta({ description: 'HTTP status of a refusal; null for how goals and their steps fail' }),
    title: z.string(),
    hint: z.string(),
    retryable: z.boolean(),
  })
  .meta({ id: 'ProblemKind', description: 'A kind of refusal, or of the failure of a goal' });
export type ProblemKindView = z.output<typeof ProblemKindView>;
export const ProblemKindList = z.object({ data: z.array(ProblemKindView) }).meta({ id: 'ProblemKindList' });
export type ProblemKindList = z.output<typeof ProblemKindList>;

/** RFC 9457 problem document, with a stable code and what to do about it. */
export const Problem = z
  .object({
    type: z.string().meta({ description: 'Path of the kind of problem', examples: ['/errors/goal.not_found'] }),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string().meta({ description: 'What was wrong this time' }),
    instance: z.string().meta({ description: 'Path of the request' }),
    code: z.string().meta({ description: 'Never changes; programs decide by it', examples: ['goal.not_found'] }),
    errors: z
      .array(z.object({ pointer: z.string(), message: z.string() }))
      .optional()
      .meta({ description: 'Each mistake with the JSON Pointer of its place' }),
    hint: z.string().meta({ description: 'What to do about it; may be empty' }),
    docs: z.string(),
    retryable: z.boolean().meta({ description: 'Would the same request, sent again later, have a chance?' }),
    traceId: z.string().meta({ description: 'Also in the header X-Request-Id; names the request in our logs' }),
  })
  .meta({ id: 'Problem', description: 'What went wrong (RFC 9457)' });
export type Problem = z.output<typeof Problem>;

interface ProblemKind {
  readonly status: number;
  readonly title: string;
  readonly hint: string;
  readonly retryable: boolean;
}

const kind = (status: number, title: string, hint = '', retryable = false): ProblemKind => ({
  status,
  title,
  hint,
  retryable,
});

/** Every problem the API itself answers with; `FAILURES` has the codes of goals that failed: they are data, not HTTP errors. */
export const PROBLEMS = {
  'request.invalid': kind(400, 'The request is not valid', 'Correct the places named in errors'),
  'request.malformed_json': kind(400, 'The body is not JSON', 'Send one JSON value, encoded as UTF-8'),
  'request.unsafe_json': kind(400, 'The body holds what cannot be stored', 'Remove what errors names'),
  'request.invalid_cursor': kind(400, 'The cursor is not one of ours', 'Start again without cursor'),
  'auth.required': kind(
    401,
    'A token is needed',
    'Send Authorization: Bearer <token>; npm start keeps one in .goalkeeper',
  ),
  'auth.invalid': kind(401, 'The token is not valid', 'Use a current token; it may have been revoked or mistyped'),
  'route.not_found': kind(404, 'There is no such route', 'See /docs for what there is'),
  'goal.not_found': kind(404, 'There is no such goal', 'List the goals with GET /v1/goals'),
  'error.not_found': kind(404, 'There is no such kind of problem', 'List them with GET /errors'),
  'artifact.not_found': kind(404, 'There is no such artifact', "List a goal's with GET /v1/goals/{id}/artifacts"),
  'command.not_found': kind(404, 'There is no such command'),
  'upload.not_found': kind(404, 'There is no such upload', 'Begin one with POST /v1/uploads'),
  'question.not_found': kind(404, 'The goal asks no such question', 'List them with GET /v1/goals/{id}/questions'),
  'question.decided': kind(409, 'The question was answered before', 'The first answer stands; see it in the questions'),
  'question.expired': kind(410, 'The time to answer is over', 'Its default counts; see it in the questions'),
  'pack.not_found': kind(404, 'There is no such pack', 'List the packs with GET /v1/packs'),
  'lesson.not_found': kind(404, 'There is no such lesson', 'List them with GET /v1/learning/lessons'),
  'snapshot.not_found': kind(404, 'There is no such snapshot', 'List them with GET /v1/learning/snapshots'),
  'episode.not_found': kind(404, 'Memory has nothing of that goal', 'Search with GET /v1/episodes'),
  'goal.unfinished': kind(409, 'The goal is still at work', 'Cancel it, and repeat when it has ended'),
  'goal.terminal': kind(409, 'The goal has ended already', 'Create a new goal'),
  'pack.version_exists': kind(409, 'This version has another content', 'Give the changed pack a new version'),
  'pack.shared': kind(409, 'The pack belongs to the installation', 'Take its folder or plug-in away from the workers'),
  'idempotency.in_flight': kind(409, 'The first request with this key is still at work', 'Wait and repeat', true),
  'upload.offset': kind(409, 'The offset is not where the upload stands', 'Ask with HEAD and go on from Upload-Offset'),
  'request.too_large': kind(413, 'The body is too large', 'JSON bodies end at 1 MB, files at 1 GiB'),
  'request.unsupported_media_type': kind(415, 'The media type is not supported', 'Send application/json'),
  'request.range': kind(416, 'The range lies outside the file', 'Ask for a range below the size'),
  'pack.invalid': kind(422, 'The pack is not valid', 'Correct the places named in errors'),
  'preview.refused': kind(422, 'The goal cannot be planned', 'Read what stands in the way'),
  'dependency.unknown': kind(422, 'A goal it depends on does not exist', 'Name existing goals in dependsOn'),
  'dependency.circular': kind(422, 'The goals would wait for each other', 'Break the circle that errors names'),
  'idempotency.reused': kind(422, 'The key was used for another request', 'Use a new Idempotency-Key'),
  'idempotency.invalid_key': kind(422, 'The Idempotency-Key is not usable', 'Use 1 to 200 printable ASCII characters'),
  'upload.hash': kind(422, 'The content is not what was announced', 'Upload the file anew'),
  internal: kind(500, 'Something broke on our side', 'Repeat the request; if it persists, report the traceId', true),
  'preview.no_worker': kind(503, 'No worker planned the goal in time', 'See whether a worker runs; repeat', true),
  'database.unavailable': kind(503, 'The database does not answer', 'Repeat after Retry-After seconds', true),
  'engine.unavailable': kind(503, 'The workflow engine does not answer', 'Repeat after Retry-After seconds', true),
  'storage.unavailable': kind(503, 'The file store does not take the file', 'Repeat after Retry-After seconds', true),
} as const satisfies Record<string, ProblemKind>;
export type ProblemCode = keyof typeof PROBLEMS;
