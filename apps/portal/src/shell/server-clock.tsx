'use client';
import { createContext, type ReactNode, useContext, useLayoutEffect } from 'react';

/** A page comes alive within this time; a clock further away is set wrongly. */
const tolerance_ms = 60_000;

const OpenedAt = createContext(0);
let ahead_ms = 0;

/** How far the server's clock is ahead of the browser's, given what both show; 0 where they agree but for the page's way. */
export function clockAhead_ms(server_ms: number, browser_ms: number): number {
  const difference_ms = server_ms - browser_ms;
  return Math.abs(difference_ms) > tolerance_ms ? difference_ms : 0;
}

/** Now by the server's clock: a computer whose clock is wrong shows the same ages and the same day as any other. */
export const serverNow_ms = (): number => Date.now() + ahead_ms;

/** Time at which the server made the page, so that server and browser begin with the same words. */
export const useOpenedAt_ms = (): number => useContext(OpenedAt);

export function ServerClock({ now, children }: { readonly now: string; readonly children: ReactNode }) {
  const opened_ms = Date.parse(now);
  // Before the effects of the parts, which ask for the time.
  useLayoutEffect(() => {
    ahead_ms = clockAhead_ms(opened_ms, Date.now());
  }, [opened_ms]);
  return <OpenedAt value={opened_ms}>{children}</OpenedAt>;
}
