import 'server-only';
import { type Me, me as meSchema, type Permission, problem } from '@wattproof/contracts/api';
import { cookies, headers } from 'next/headers';
import { notFound, redirect } from 'next/navigation';
import { cache } from 'react';
import type { z } from 'zod';
import { env } from '../env.ts';

/** An answer of the API that is not the one asked for. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, detail: string) {
    super(detail);
    this.status = status;
    this.code = code;
  }
}

/** The path and query of the page being rendered, set by the proxy. */
export const currentPath = async (): Promise<string> => (await headers()).get('x-portal-path') ?? '/';

/** How long a page waits for one answer. */
const patience_ms = 20_000;

/**
 * Reads from the API with the visitor's session and checks the answer against the contract. A missing session leads
 * to sign-in, a missing resource to the page that says so; everything else throws to the nearest error boundary.
 */
export async function apiGet<S extends z.ZodType>(path: string, schema: S): Promise<z.output<S>> {
  const jar = await cookies();
  const organisation = jar.get('organisation')?.value;
  let answer: Response;
  try {
    answer = await fetch(new URL(`/api/v1${path}`, env().WATTPROOF_API_URL), {
      headers: {
        accept: 'application/json',
        cookie: jar.toString(),
        ...(organisation ? { 'wattproof-organisation': organisation } : {}),
      },
      cache: 'no-store',
      signal: AbortSignal.timeout(patience_ms),
    });
  } catch (error) {
    throw new ApiError(503, 'dependencyUnavailable', error instanceof Error ? error.message : 'no answer');
  }
  if (answer.ok) return schema.parse(await answer.json());
  if (answer.status === 401) {
    const path = await currentPath();
    redirect(path === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(path)}`);
  }
  if (answer.status === 404) notFound();
  const body = problem.safeParse(await answer.json().catch(() => null));
  throw new ApiError(
    answer.status,
    body.success ? body.data.code : 'unknown',
    body.success ? body.data.detail : answer.statusText,
  );
}

/** Who is looking, once per request. */
export const currentMe = cache((): Promise<Me> => apiGet('/me', meSchema));

export const may = (me: Pick<Me, 'permissions'>, permission: Permission): boolean =>
  me.permissions.includes(permission);
