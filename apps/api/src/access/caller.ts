import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Permission } from '@wattproof/contracts/api';
import type { Membership, Scope } from '@wattproof/database/queries';
import type { Request } from 'express';

/** Who asks: a signed-in person in one of their organisations, or an API key. */
export interface Caller {
  readonly kind: 'person' | 'key';
  /** User id or API key id. */
  readonly id: string;
  /** As the audit trail and "acknowledged by" name it. */
  readonly name: string;
  readonly permissions: ReadonlySet<Permission>;
  readonly scope: Scope;
  /** Of a person: the membership in force and all of them. */
  readonly membership: Membership | null;
  readonly memberships: readonly Membership[];
}

export type CallingRequest = Request & { caller?: Caller; requestId?: string };

/** The caller that the access guard put on the request. */
export const CalledBy = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const { caller } = context.switchToHttp().getRequest<CallingRequest>();
  if (!caller) throw new Error('a route that needs a caller is declared public');
  return caller;
});
