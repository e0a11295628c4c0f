'use client';
import { useCallback, useEffect, useRef, useState } from 'react';
import { request } from '../api/client.ts';

const period_ms = 10_000;

/**
 * An answer of the API that is asked for again while the page is seen. A failed attempt keeps what is known: the shell
 * says that the network is gone.
 */
export function usePolled<T>(
  path: string,
  initial: T,
): { readonly value: T; readonly set: (value: T) => void; readonly refresh: () => Promise<void> } {
  const [value, set] = useState(initial);
  useEffect(() => set(initial), [initial]);
  const latest = useRef(0);
  const refresh = useCallback(async (): Promise<void> => {
    latest.current += 1;
    const mine = latest.current;
    const answer = await request<T>(path);
    // An answer that a later question has overtaken is old.
    if (answer.ok && mine === latest.current) set(answer.value);
  }, [path]);
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void refresh();
    }, period_ms);
    return () => clearInterval(timer);
  }, [refresh]);
  return { value, set, refresh };
}
