import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { type Permission, rolePermissions, scopePermissions } from '@wattproof/contracts/api';
import { apiKeySecretMatches, splitApiKey } from '@wattproof/database';
import { type Membership, membershipsOf, type StoredApiKey, touchApiKey } from '@wattproof/database/queries';
import type { Scope as KeyScope, Role } from '@wattproof/energy';
import { AppError } from '@wattproof/runtime';
import { fromNodeHeaders } from 'better-auth/node';
import { Resources } from '../resources.ts';
import type { Caller, CallingRequest } from './caller.ts';
import { mayWrite, trustedOrigins } from './origin.ts';
import { type Access, accessKey } from './route-access.ts';

export const organisationHeader = 'wattproof-organisation';
const keyLimits = {
  /** Requests of one key. */
  byKey: { max: 1_200, window_s: 60, lease: 40 },
  /** Wrong keys from one address. */
  wrong: { max: 30, window_s: 60 },
} as const;

const useNotedEvery_ms = 60_000;

/** Finds out who asks and lets them through to routes that declare a permission they have; everything else is refused. */
@Injectable()
export class AccessGuard implements CanActivate {
  private readonly trusted: ReadonlySet<string>;
  private readonly notedAt_ms = new Map<string, number>();

  constructor(
    private readonly resources: Resources,
    private readonly reflector: Reflector,
  ) {
    this.trusted = trustedOrigins(resources.env);
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = this.reflector.getAllAndOverride<Access | undefined>(accessKey, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (access === 'public') return true;
    if (!access) throw new AppError('forbidden', 'The route declares no permission');
    const request = context.switchToHttp().getRequest<CallingRequest>();
    const caller = await this.findCaller(request);
    if (access !== 'signedIn' && !caller.permissions.has(access))
      throw new AppError('forbidden', `This needs the permission ${access}`, { permission: access });
    request.caller = caller;
    return true;
  }

  private async findCaller(request: CallingRequest): Promise<Caller> {
    const { authorization } = request.headers;
    if (authorization !== undefined) return this.findKey(authorization, request.ip ?? '');
    return this.findPerson(request);
  }

  private async findPerson(request: CallingRequest): Promise<Caller> {
    const headers = fromNodeHeaders(request.headers);
    const session = await this.resources.auth.api.getSession({ headers });
    if (!session) throw new AppError('unauthenticated', 'Sign in, or send an API key');
    if (!mayWrite(request.method, request.headers.origin, this.trusted))
      throw new AppError('forbidden', 'The page that sent this request is not trusted');
    const memberships = await membershipsOf(this.resources.database, session.user.id);
    const membership = chooseMembership(memberships, request.header(organisationHeader));
    return {
      kind: 'person',
      id: session.user.id,
      name: membership.displayName || session.user.name,
      permissions: new Set<Permission>(rolePermissions[membership.role as Role] ?? []),
      scope: { organisationId: membership.organisationId, siteIds: membership.siteIds },
      membership,
      memberships,
    };
  }

  /** At most once a minute for each key: that a key is in use is worth no transaction per request. */
  private async noteUse(key: StoredApiKey): Promise<void> {
    const now_ms = Date.now();
    if (now_ms - (this.notedAt_ms.get(key.id) ?? 0) < useNotedEvery_ms) return;
    this.notedAt_ms.set(key.id, now_ms);
    await touchApiKey(this.resources.database, key);
  }

  private async findKey(authorization: string, address: string): Promise<Caller> {
    const { apiKeys, rateLimits } = this.resources;
    const [scheme, token = ''] = authorization.split(' ');
    const parts = scheme?.toLowerCase() === 'bearer' ? splitApiKey(token) : undefined;
    const key = parts && (await apiKeys.find(parts.prefix));
    if (!parts || !key || !apiKeySecretMatches(parts.secret, key.secretSha256)) {
      refuseWhenMany(await rateLimits.count(`wrong-key:${address}`, keyLimits.wrong));
      throw new AppError('unauthenticated', 'The API key is not known');
    }
    if (key.revokedAt) throw new AppError('unauthenticated', 'The API key was revoked');
    if (key.expiresAt && key.expiresAt.getTime() <= Date.now())
      throw new AppError('unauthenticated', 'The API key has expired');
    refuseWhenMany(await rateLimits.count(`key:${key.id}`, keyLimits.byKey));
    await this.noteUse(key);
    return {
      kind: 'key',
      id: key.id,
      name: `API key ${key.name}`,
      permissions: new Set(key.scopes.flatMap((scope) => scopePermissions[scope as KeyScope] ?? [])),
      scope: { organisationId: key.organisationId, siteIds: null },
      membership: null,
      memberships: [],
    };
  }
}

function chooseMembership(memberships: readonly Membership[], wanted: string | undefined): Membership {
  const [first] = memberships;
  if (!first) throw new AppError('forbidden', 'This account belongs to no organisation');
  if (wanted === undefined) return first;
  const chosen = memberships.find((m) => String(m.organisationId) === wanted);
  if (!chosen) throw new AppError('forbidden', 'This account does not belong to that organisation');
  return chosen;
}

function refuseWhenMany({ allowed, retryAfter_s }: { allowed: boolean; retryAfter_s: number }): void {
  if (!allowed)
    throw new AppError('tooManyRequests', `Too many requests; try again in ${retryAfter_s} s`, {
      retryAfter_s,
    });
}
