import { Injectable, SetMetadata, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { findJsonFault } from '@goalkeeper/contracts';
import type { Request } from 'express';
import { ApiProblem } from './api-problem';

const MAX_BODY_BYTES = 1_000_000;
const RAW_BODY = 'gk:raw-body';

/** Leaves the request's body to the handler, which reads it as a stream. */
export const RawBody = () => SetMetadata(RAW_BODY, true);

/**
 * Reads JSON bodies after the guard has let the request in: strangers cannot make us parse anything.
 * At most 1 MB, never inflated, UTF-8, at most 32 levels deep, nothing that a database cannot hold.
 */
@Injectable()
export class JsonBodyInterceptor implements NestInterceptor {
  constructor(private readonly reflector: Reflector) {}

  async intercept(context: ExecutionContext, next: CallHandler) {
    const request = context.switchToHttp().getRequest<Request>();
    if (!this.reflector.get<boolean | undefined>(RAW_BODY, context.getHandler()))
      request.body = await readJson(request);
    return next.handle();
  }
}

/** The parsed body, or undefined when none was sent. */
async function readJson(request: Request): Promise<unknown> {
  const announced = Number(request.get('content-length') ?? 0);
  if (announced === 0 && !request.get('transfer-encoding')) return undefined;
  if (announced > MAX_BODY_BYTES) throw new ApiProblem('request.too_large');
  if (request.method === 'GET' || request.method === 'HEAD')
    throw new ApiProblem('request.invalid', { detail: `A ${request.method} request takes no body` });
  refuseOtherMedia(request);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new ApiProblem('request.too_large');
    chunks.push(chunk);
  }
  return size === 0 ? undefined : parse(Buffer.concat(chunks));
}

function refuseOtherMedia(request: Request): void {
  const [type, ...parameters] = (request.get('content-type') ?? '').toLowerCase().split(';');
  if (type?.trim() !== 'application/json')
    throw new ApiProblem('request.unsupported_media_type', { detail: 'The body must be application/json' });
  const charset = parameters.map((item) => item.trim()).find((item) => item.startsWith('charset='));
  if (charset && !/^charset="?utf-?8"?$/.test(charset))
    throw new ApiProblem('request.unsupported_media_type', { detail: 'The body must be encoded as UTF-8' });
  const encoding = request.get('content-encoding') ?? 'identity';
  if (encoding !== 'identity')
    throw new ApiProblem('request.unsupported_media_type', { detail: 'Compressed bodies are not taken' });
}

function parse(bytes: Buffer): unknown {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    const detail = error instanceof SyntaxError ? error.message : 'The body is not valid UTF-8';
    throw new ApiProblem('request.malformed_json', { detail });
  }
  const fault = findJsonFault(value);
  if (fault) throw new ApiProblem('request.unsafe_json', { errors: [fault] });
  return value;
}
