import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';

export interface HealthWatchOptions {
  readonly name: string;
  readonly healthUrl: string;
  readonly report: (text: string) => void;
  readonly look_ms?: number;
}

const standardLook_ms = 10_000;
const answerLimit_ms = 5_000;

/** What an application may say of itself beside its status. */
const answerSchema = z.object({
  problems: z.array(z.object({ message: z.string(), isFatal: z.boolean() })),
});

/** Why an application cannot do its work, in words; null while it can, undefined while it does not answer at all. */
async function complaint(healthUrl: string, abort: AbortSignal): Promise<string | null | undefined> {
  let response: Response;
  let text: string;
  try {
    const signal = AbortSignal.any([abort, AbortSignal.timeout(answerLimit_ms)]);
    response = await fetch(healthUrl, { redirect: 'manual', signal });
    text = await response.text();
  } catch {
    // It ends or starts: whoever keeps it running tells that.
    return undefined;
  }
  if (response.status < 500) return null;
  const told = answerSchema.safeParse(jsonOf(text));
  const reasons = told.success ? told.data.problems.filter((p) => p.isFatal).map((p) => p.message) : [];
  return reasons.length > 0 ? reasons.join('; ') : `${healthUrl} answers ${response.status}`;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Tells when a running application cannot do its work, why, and when it can again, until `abort`. */
export async function watchHealth(
  { name, healthUrl, report, look_ms = standardLook_ms }: HealthWatchOptions,
  abort: AbortSignal,
): Promise<void> {
  let isIll = false;
  while (!abort.aborted) {
    const reason = await complaint(healthUrl, abort);
    if (abort.aborted) return;
    if (reason !== undefined) {
      if (reason !== null && !isIll) report(`${name} cannot work: ${reason}`);
      if (reason === null && isIll) report(`${name} works again`);
      isIll = reason !== null;
    }
    // Ends at once when it is stopped, which is no failure.
    await delay(look_ms, undefined, { signal: abort }).catch(() => undefined);
  }
}
