import { waitFor } from '@wattproof/testkit';

/** `waitFor` with the patience that processes, a broker and a database need on a busy machine. */
export const until = <T>(
  condition: () => T | Promise<T>,
  options: { readonly timeout_s?: number; readonly pause_ms?: number } = {},
): Promise<Exclude<T, undefined | null | false>> => waitFor(condition, { timeout_s: 45, ...options });
