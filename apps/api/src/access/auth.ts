import { deriveKey } from '@wattproof/database';
import type { Logger } from '@wattproof/runtime';
import { betterAuth } from 'better-auth';
import { APIError, createAuthMiddleware } from 'better-auth/api';
import type { Pool } from 'pg';
import type { Env } from '../env.ts';
import type { RateLimits } from '../http/rate-limit.ts';
import { trustedOrigins } from './origin.ts';

export interface AuthOptions {
  readonly env: Env;
  readonly pool: Pool;
  readonly rateLimits: RateLimits;
  readonly logger: Logger;
}

/** Wrong passwords are slow to try: by address and, from many addresses, by account. */
export const signInLimits = {
  byAddress: { max: 60, window_s: 60 },
  /** Attempts without a success among them. */
  byAccount: { max: 10, window_s: 300 },
} as const;

const day_s = 86_400;

export function openAuth({ env, pool, rateLimits, logger }: AuthOptions) {
  return betterAuth({
    appName: 'Wattproof',
    baseURL: env.WATTPROOF_PORTAL_URL,
    basePath: '/api/auth',
    secret: deriveKey(env.WATTPROOF_SECRET_KEY, 'session').toString('base64'),
    database: pool,
    trustedOrigins: [...trustedOrigins(env)],
    telemetry: { enabled: false },
    logger: {
      log: (level, message) => logger[level === 'error' ? 'error' : 'debug']({ part: 'sign-in' }, message),
    },
    // Accounts are made by an administrator; nobody signs up, and an account is not removed by its session.
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 12, maxPasswordLength: 256 },
    disabledPaths: [
      '/sign-up/email',
      '/delete-user',
      '/change-email',
      '/update-user',
      '/link-social',
      '/sign-in/social',
    ],
    session: { expiresIn: 7 * day_s, updateAge: day_s },
    advanced: {
      cookiePrefix: 'wattproof',
      useSecureCookies: env.WATTPROOF_PORTAL_URL.startsWith('https:'),
      defaultCookieAttributes: { sameSite: 'lax', httpOnly: true, path: '/' },
      // The API sets this header itself from the connection, whatever the client sent.
      ipAddress: { ipAddressHeaders: ['x-forwarded-for'] },
    },
    rateLimit: {
      enabled: true,
      window: 60,
      max: 300,
      customRules: {
        '/sign-in/email': { window: signInLimits.byAddress.window_s, max: signInLimits.byAddress.max },
      },
      customStorage: {
        consume: async (key, rule) => {
          const verdict = await rateLimits.count(`auth:${key}`, { max: rule.max, window_s: rule.window });
          return { allowed: verdict.allowed, retryAfter: verdict.allowed ? null : verdict.retryAfter_s };
        },
      },
    },
    hooks: {
      before: createAuthMiddleware(async (context) => {
        const key = accountKey(context);
        if (key === undefined) return;
        const verdict = await rateLimits.count(key, signInLimits.byAccount);
        if (!verdict.allowed)
          throw new APIError('TOO_MANY_REQUESTS', {
            code: 'TOO_MANY_REQUESTS',
            message: `Too many attempts for this account; try again in ${verdict.retryAfter_s} s`,
          });
      }),
      after: createAuthMiddleware(async (context) => {
        const key = accountKey(context);
        if (key !== undefined && context.context.newSession) await rateLimits.forget(key);
      }),
    },
  });
}
/** Key under which the attempts at an account are counted; none where the request is no sign-in. */
function accountKey({
  path,
  body,
}: {
  readonly path?: string | undefined;
  readonly body?: unknown;
}): string | undefined {
  if (path !== '/sign-in/email' || typeof body !== 'object' || body === null || !('email' in body))
    return undefined;
  return typeof body.email === 'string' ? `sign-in:${body.email.trim().toLowerCase()}` : undefined;
}

export type Auth = ReturnType<typeof openAuth>;
