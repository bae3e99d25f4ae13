import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { ApiProblem } from '../http/api-problem';
import { inTime } from '../http/time-limit.interceptor';
import { PUBLIC_ROUTE, setPrincipal } from './principal';
import { TokenService } from './token.service';

/** Lets nobody in without a valid token, except where a route says that it is public. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly tokens: TokenService,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const places = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean | undefined>(PUBLIC_ROUTE, places)) return true;
    const request = context.switchToHttp().getRequest<Request>();
    const header = request.get('authorization');
    if (header === undefined)
      throw new ApiProblem('auth.required', { headers: { 'WWW-Authenticate': 'Bearer realm="goalkeeper"' } });
    const token = /^Bearer +(\S+)$/i.exec(header)?.[1] ?? '';
    const principal = await inTime(this.tokens.find(token));
    if (!principal)
      throw new ApiProblem('auth.invalid', {
        headers: { 'WWW-Authenticate': 'Bearer realm="goalkeeper", error="invalid_token"' },
      });
    setPrincipal(request, principal);
    return true;
  }
}
