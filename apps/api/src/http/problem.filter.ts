import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { AgentError } from '@goalkeeper/domain';
import { PROBLEMS, type Problem, type ProblemCode } from '@goalkeeper/contracts';
import type { Logger } from '@goalkeeper/platform';
import type { Request, Response } from 'express';
import { ApiProblem } from './api-problem';
import { isDatabaseDown, isDiskFull } from './failures';
import { traceIdOf } from './trace-id';

/** Codes of other rooms' errors that have a place in our catalogue under another name. */
const SYNONYMS: Readonly<Record<string, ProblemCode>> = {
  'artifact.unknown': 'artifact.not_found',
  'artifact.too_large': 'request.too_large',
};

/** The one place where a failure becomes an answer: RFC 9457, never a stack, SQL or a path of ours. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    const refusal = toApiProblem(error);
    const status = PROBLEMS[refusal.code].status;
    if (status >= 500) {
      const fields = { err: error, code: refusal.code, traceId: traceIdOf(request), path: request.path };
      this.log.error(fields, 'http.failed');
    }
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const problem = toProblem(refusal, request);
    const headers = { ...(status === 503 ? { 'Retry-After': '2' } : {}), ...refusal.facts.headers };
    for (const name of ['ETag', 'Content-Disposition', 'Content-Range', 'Location']) response.removeHeader(name);
    if (!request.complete && status === 413) response.set('Connection', 'close');
    response.status(status).set(headers).set('Content-Type', 'application/problem+json');
    response.end(JSON.stringify(problem));
  }
}

/** The document that a client reads. */
export function toProblem(refusal: ApiProblem, request: Request): Problem {
  const { code, facts } = refusal;
  const { status, title, hint, retryable } = PROBLEMS[code];
  return {
    type: `/errors/${code}`,
    title,
    status,
    detail: facts.detail ?? title,
    instance: request.originalUrl.split('?')[0] ?? '',
    code,
    ...(facts.errors ? { errors: facts.errors } : {}),
    hint: facts.hint ?? hint,
    docs: `/errors/${code}`,
    retryable,
    traceId: traceIdOf(request),
  };
}

/** Sorts any failure into the catalogue; what is not known there is `internal` and tells nothing. */
export function toApiProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  if (isDatabaseDown(error)) return new ApiProblem('database.unavailable');
  if (isDiskFull(error)) return new ApiProblem('storage.unavailable');
  if (error instanceof AgentError) {
    const code = SYNONYMS[error.code] ?? error.code;
    if (code in PROBLEMS) return new ApiProblem(code as ProblemCode, agentFacts(code as ProblemCode, error));
    return new ApiProblem('internal');
  }
  return fromStatus(statusOf(error), error);
}

function agentFacts(code: ProblemCode, error: AgentError): { detail?: string; hint?: string } {
  const ours = PROBLEMS[code].status < 500 && !code.endsWith('.not_found');
  return ours ? { detail: error.message, ...(error.hint ? { hint: error.hint } : {}) } : {};
}

function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  const status = (error as { status?: unknown } | null)?.status;
  return typeof status === 'number' ? status : 500;
}

function fromStatus(status: number, error: unknown): ApiProblem {
  if (status === 404) return new ApiProblem('route.not_found');
  if (status === 413) return new ApiProblem('request.too_large');
  if (status === 415) return new ApiProblem('request.unsupported_media_type');
  if (status === 400 && error instanceof URIError)
    return new ApiProblem('request.invalid', { detail: 'The path is not properly percent-encoded' });
  return new ApiProblem(status >= 400 && status < 500 ? 'request.invalid' : 'internal');
}
