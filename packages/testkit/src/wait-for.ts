import { setTimeout as delay } from 'node:timers/promises';

export interface WaitOptions {
  readonly timeout_s?: number;
  readonly pause_ms?: number;
}

/**
 * Calls `condition` until it returns something other than undefined, null or false, and returns that. An error it
 * throws counts as "not yet".
 * @throws Error with the last value or error when the time is over.
 */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  { timeout_s = 10, pause_ms = 25 }: WaitOptions = {},
): Promise<Exclude<T, undefined | null | false>> {
  const deadline = Date.now() + timeout_s * 1000;
  let last: unknown;
  do {
    try {
      const value = await condition();
      if (value !== undefined && value !== null && value !== false) {
        return value as Exclude<T, undefined | null | false>;
      }
      last = value;
    } catch (error) {
      last = error;
    }
    await delay(pause_ms);
  } while (Date.now() < deadline);
  throw new Error(`the condition did not come true within ${timeout_s} s (last: ${String(last)})`, {
    cause: last,
  });
}
