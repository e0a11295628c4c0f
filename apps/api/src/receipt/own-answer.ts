import { type Problem, problem } from '@wattproof/contracts/api';
import { AppError, type ErrorCode, errorCodes } from '@wattproof/runtime';
import { organisationHeader } from '../access/access.guard.ts';
import type { CallingRequest } from '../access/caller.ts';

const patience_ms = 20_000;
/** What tells who asks. */
const carriedHeaders = ['cookie', 'authorization', organisationHeader] as const;

/** Asks one of the API's own answers for a caller: with the same rights, and checked and computed by the same code as for them. */
export type AskOwn = (path: string) => Promise<unknown>;

export const askAs =
  (request: CallingRequest): AskOwn =>
  async (path) => {
    const headers = carriedHeaders.flatMap((name) => {
      const value = request.header(name);
      return value === undefined ? [] : [[name, value] as [string, string]];
    });
    const { localAddress, localPort, remoteFamily } = request.socket;
    const host = remoteFamily === 'IPv6' ? `[${localAddress}]` : localAddress;
    const answer = await fetch(`http://${host}:${localPort}/api/v1/${path}`, {
      headers: [['accept', 'application/json'], ...headers],
      signal: AbortSignal.timeout(patience_ms),
    });
    const body: unknown = await answer.json();
    if (answer.ok) return body;
    const said = problem.safeParse(body);
    throw said.success
      ? new AppError(codeOf(said.data), said.data.detail, said.data.details ?? {})
      : new AppError('dependencyUnavailable', `The answer behind the figure failed: ${answer.status}`);
  };

/** Asks each answer once, for figures that are looked at together. */
export function onceEach(ask: AskOwn): AskOwn {
  const asked = new Map<string, Promise<unknown>>();
  return (path) => {
    const known = asked.get(path) ?? ask(path);
    asked.set(path, known);
    return known;
  };
}

const codeOf = ({ code }: Problem): ErrorCode => errorCodes.find((known) => known === code) ?? 'invalid';
