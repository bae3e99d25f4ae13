import { basename } from 'node:path';
import type { CreateGoalInput } from '@goalkeeper/contracts';
import type { JsonObject, PriorityClass } from '@goalkeeper/domain';
import { usageError } from '../errors/cli-error';

/** What `goalkeeper run` was asked for, as parsed from the command line. */
export interface RunRequest {
  readonly words: readonly string[];
  readonly task?: string;
  readonly args?: JsonObject;
  readonly file?: string;
  readonly priority?: PriorityClass;
  /** RFC 3339 or a span such as `30m`. */
  readonly deadline?: string;
  readonly maxSteps?: number;
  readonly parallelism?: number;
  readonly dependsOn?: readonly string[];
  readonly dependencyPolicy?: NonNullable<CreateGoalInput['dependencyPolicy']>;
  /** False: nobody is asked. */
  readonly ask?: boolean;
  /** Milliseconds. */
  readonly answerWithin?: number;
}

/**
 * Checks what can be checked without the server: exactly one of words and task, and a place for the file.
 *
 * @throws {CliError} usage
 */
export function checkRequest(request: RunRequest): void {
  const words = objectiveOf(request);
  if (words === '' && !request.task && !request.file) {
    throw usageError('The goal is missing', 'goalkeeper run "analyse sample:movies.json and report"');
  }
  if (words !== '' && request.task) {
    throw usageError('Give the goal either in words or as a task, not both', `goalkeeper run --task ${request.task} …`);
  }
  if (request.args && !request.task)
    throw usageError('--args belongs to --task', 'goalkeeper run --task NAME --args JSON');
  if (request.file && request.args && 'source' in request.args) {
    throw usageError('--file is the source, but --args names another one', 'leave out --file, or source in --args');
  }
  if (request.file && words !== '' && !mentionOf(words, request.file)) {
    const example = `goalkeeper run "analyse ${basename(request.file)} and report" --file ${request.file}`;
    throw usageError('The words do not say where the file belongs: name it among them', example);
  }
}

/**
 * The body of `POST /v1/goals`. An uploaded file takes the place of its name in the words, or is the task's `source`;
 * a file alone is analysed and reported.
 *
 * @param artifactId of the uploaded file, or null
 */
export function toGoalInput(request: RunRequest, artifactId: string | null, nowMs: number): CreateGoalInput {
  return {
    ...goalOf(request, artifactId),
    ...(request.priority ? { priority: request.priority } : {}),
    ...(request.deadline ? { deadline: deadlineOf(request.deadline, nowMs) } : {}),
    ...(request.maxSteps ? { maxSteps: request.maxSteps } : {}),
    ...(request.parallelism ? { parallelism: request.parallelism } : {}),
    ...(request.dependsOn?.length ? { dependsOn: [...request.dependsOn] } : {}),
    ...(request.ask === false ? { mayAsk: false } : {}),
    ...(request.answerWithin ? { answerWithinSeconds: Math.ceil(request.answerWithin / 1000) } : {}),
    ...(request.dependencyPolicy ? { dependencyPolicy: request.dependencyPolicy } : {}),
  };
}

function goalOf(request: RunRequest, artifactId: string | null): Pick<CreateGoalInput, 'objective' | 'task'> {
  const source = artifactId === null ? {} : { source: artifactId };
  if (request.task) return { task: { name: request.task, args: { ...request.args, ...source } } };
  const words = objectiveOf(request);
  if (artifactId === null) return { objective: words };
  if (words === '') return { objective: `analyse ${artifactId} and report` };
  const mention = mentionOf(words, request.file ?? '') ?? '';
  return { objective: words.replace(mention, () => artifactId) };
}

const objectiveOf = ({ words }: RunRequest): string => words.join(' ').trim();

/** How the words name the file: by the path as given, or by its last member. */
function mentionOf(words: string, file: string): string | null {
  return [file, basename(file)].find((name) => name !== '' && words.includes(name)) ?? null;
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * A span in milliseconds: `90s`, `30m`, `2h`, `1d`, `500ms`; a bare number counts seconds.
 *
 * @returns null when the text is no span above 0
 */
export function parseSpan(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)?$/.exec(text.trim());
  const ms = Number(match?.[1]) * (UNIT_MS[match?.[2] ?? 's'] ?? NaN);
  return ms > 0 ? Math.round(ms) : null;
}

/** @throws {CliError} usage, when it is neither a moment nor a span */
function deadlineOf(text: string, nowMs: number): string {
  const spanMs = parseSpan(text);
  const moment = spanMs === null ? Date.parse(text) : nowMs + spanMs;
  if (!Number.isNaN(moment) && (spanMs !== null || /^\d{4}-\d\d-\d\d/.test(text)))
    return new Date(moment).toISOString();
  throw usageError(
    `--deadline ${text} is neither a moment nor a span`,
    '--deadline 2027-01-31T18:00:00Z',
    'or --deadline 30m',
  );
}
