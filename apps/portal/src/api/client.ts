'use client';
import type { Problem } from '@wattproof/contracts/api';

/** What went wrong with a request, ready to be said to a person. */
export interface ClientProblem {
  readonly code: string;
  readonly detail: string;
  readonly errors: readonly { readonly path: string; readonly message: string }[];
  /** What the service says beside its sentence: findings, limits. */
  readonly details: Readonly<Record<string, unknown>>;
}

export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: ClientProblem };

export interface RequestOptions {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly json?: unknown;
  /** A body that is not JSON; a file goes as its bytes, in whatever encoding it has. */
  readonly text?: { readonly body: string | Blob; readonly type: string };
  readonly signal?: AbortSignal;
}

const readCookie = (name: string): string | null =>
  document.cookie
    .split('; ')
    .find((part) => part.startsWith(`${name}=`))
    ?.slice(name.length + 1) ?? null;

/** Talks to the API through the portal. Expected failures come back as values; forms keep what was typed. */
export async function request<T>(path: string, options: RequestOptions = {}): Promise<Answer<T>> {
  const organisation = readCookie('organisation');
  const init: RequestInit = {
    method: options.method ?? 'GET',
    headers: {
      accept: 'application/json',
      ...(options.json === undefined ? {} : { 'content-type': 'application/json' }),
      ...(options.text ? { 'content-type': options.text.type } : {}),
      ...(organisation ? { 'wattproof-organisation': organisation } : {}),
    },
    ...(options.signal ? { signal: options.signal } : {}),
    ...(options.json !== undefined
      ? { body: JSON.stringify(options.json) }
      : options.text
        ? { body: options.text.body }
        : {}),
  };
  let answer: Response;
  let text: string;
  try {
    answer = await fetch(`/api/v1${path}`, init);
    text = await answer.text();
  } catch {
    // No connection, one that broke within the answer, or nobody waits for it any more.
    return { ok: false, problem: { code: 'network', detail: '', errors: [], details: {} } };
  }
  const body: unknown = text === '' ? null : parseJson(text);
  if (answer.ok) return { ok: true, value: body as T };
  const found = body as Partial<Problem> | null;
  return {
    ok: false,
    problem: {
      code: found?.code ?? 'unknown',
      detail: found?.detail ?? answer.statusText,
      errors: found?.errors ?? [],
      details: found?.details ?? {},
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
