'use client';
import { useEffect, useState } from 'react';
import { request } from './client.ts';

/** Values grow by one interval each few minutes: often enough to be seen soon after. */
const pause_ms = 60_000;

/** An answer of the API that the server began with, read again each minute; as it was where `isLive` is not. */
export function usePolled<T>(path: string, initial: T, isLive: boolean): T {
  const [value, setValue] = useState(initial);
  useEffect(() => setValue(initial), [initial]);
  useEffect(() => {
    if (!isLive) return;
    const abort = new AbortController();
    const timer = setInterval(() => {
      void request<T>(path, { signal: abort.signal }).then((answer) => {
        if (answer.ok) setValue(answer.value);
      });
    }, pause_ms);
    return () => {
      clearInterval(timer);
      abort.abort();
    };
  }, [path, isLive]);
  return value;
}
