import { Injectable, SetMetadata, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { throwError, timeout, type Observable } from 'rxjs';
import { ApiProblem } from './api-problem';

/** No answer takes longer, except those that are asked to wait or carry a file. */
const LIMIT_MS = 5_000;
const UNLIMITED = 'gk:unlimited';

/** The route may take as long as its client stays: streams and files. */
export const Unlimited = () => SetMetadata(UNLIMITED, true);

/** Answers in time even when a database neither answers nor refuses: the client is told to come back. */
@Injectable()
export class TimeLimitInterceptor implements NestInterceptor {
  constructor(private readonly reflector: Reflector) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (this.reflector.get<boolean | undefined>(UNLIMITED, context.getHandler())) return next.handle();
    const wait = Number(context.switchToHttp().getRequest<Request>().query.wait ?? 0);
    const each = LIMIT_MS + (Number.isFinite(wait) ? Math.min(Math.max(wait, 0), 60) * 1_000 : 0);
    return next.handle().pipe(timeout({ each, with: () => throwError(() => new ApiProblem('database.unavailable')) }));
  }
}

/** The value in time, or a refusal that says to come back; for work that no interceptor surrounds. */
export async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new ApiProblem('database.unavailable')), LIMIT_MS);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
