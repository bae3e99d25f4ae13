import { createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';

/** Who sends a request. */
export interface Principal {
  readonly tenantId: string;
  readonly tokenId: string;
  /** The token's name, as people gave it. */
  readonly name: string;
}

const principals = new WeakMap<object, Principal>();

export function setPrincipal(request: Request, principal: Principal): void {
  principals.set(request, principal);
}

/** Injects who sends the request; the guard has made sure that there is someone. */
export const Caller = createParamDecorator((_data: unknown, context: ExecutionContext): Principal =>
  callerOf(context.switchToHttp().getRequest<Request>()),
);

/** Who sends a request that the guard has let in. */
export function callerOf(request: Request): Principal {
  const principal = principals.get(request);
  if (!principal) throw new Error('A route that asks for its caller must not be public');
  return principal;
}

export const PUBLIC_ROUTE = 'gk:public';
/** The route answers without a token. */
export const Public = () => SetMetadata(PUBLIC_ROUTE, true);
