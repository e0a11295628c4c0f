import type { Env } from '../env.ts';

const loopback = new Set(['localhost', '127.0.0.1']);

/** Origins whose pages may act with a person's cookie: the portal and the API's own documentation. */
export function trustedOrigins(
  env: Pick<Env, 'WATTPROOF_PORTAL_URL' | 'WATTPROOF_API_URL'>,
): ReadonlySet<string> {
  const origins = new Set<string>();
  for (const text of [env.WATTPROOF_PORTAL_URL, env.WATTPROOF_API_URL]) {
    const url = new URL(text);
    origins.add(url.origin);
    // On one's own machine both names of the loopback address are the same place.
    if (loopback.has(url.hostname))
      for (const name of loopback) {
        url.hostname = name;
        origins.add(url.origin);
      }
  }
  return origins;
}

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Whether a request with a cookie may act: a browser always names the origin of a page that writes, so a foreign one is refused;
 * a program without a browser names none.
 */
export const mayWrite = (method: string, origin: string | undefined, trusted: ReadonlySet<string>): boolean =>
  safeMethods.has(method) || origin === undefined || trusted.has(origin);
