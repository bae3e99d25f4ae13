import { StandardSchemaValidationPipe } from '@nestjs/common';
import { toPointer } from '@goalkeeper/contracts';
import { ApiProblem } from './api-problem';

/** Checks what a route declares with `schema` and answers every mistake at once, each with its JSON Pointer. */
export function createSchemaPipe(): StandardSchemaValidationPipe {
  return new StandardSchemaValidationPipe({
    exceptionFactory: (issues) => {
      const errors = issues.slice(0, 50).map((issue) => ({
        pointer: toPointer((issue.path ?? []).map((part) => (typeof part === 'object' ? part.key : part))),
        message: issue.message,
      }));
      const detail = errors.map(({ pointer, message }) => (pointer ? `${pointer}: ${message}` : message)).join('; ');
      return new ApiProblem('request.invalid', { detail: detail.slice(0, 1_000), errors });
    },
  });
}
