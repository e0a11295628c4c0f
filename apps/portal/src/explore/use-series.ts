'use client';
import type { Series } from '@wattproof/contracts/api';
import { useEffect, useRef, useState } from 'react';
import { request } from '../api/client.ts';
import { problemText } from '../form/problem.ts';
import { useTranslator } from '../i18n/provider.tsx';
import { type SeriesWish, seriesPath } from './series-path.ts';

export interface Loaded<T> {
  readonly value: T | null;
  readonly error: string | null;
  readonly isLoading: boolean;
}

/**
 * What stands at a path of the API, read again whenever the path changes; null reads nothing. `initial` is what the
 * server has read of the first path already.
 */
export function useLoaded<T>(path: string | null, initial: T | null = null): Loaded<T> {
  const t = useTranslator();
  const [state, setState] = useState<Loaded<T>>({ value: initial, error: null, isLoading: false });
  const isFirst = useRef(initial !== null);
  useEffect(() => {
    if (isFirst.current) {
      isFirst.current = false;
      return;
    }
    if (path === null) {
      setState({ value: null, error: null, isLoading: false });
      return;
    }
    const abort = new AbortController();
    // What is shown stays until the new answer is there, so that nothing jumps.
    setState((s) => ({ ...s, isLoading: true }));
    void request<T>(path, { signal: abort.signal }).then((answer) => {
      if (abort.signal.aborted) return;
      setState(
        answer.ok
          ? { value: answer.value, error: null, isLoading: false }
          : { value: null, error: problemText(t, answer.problem), isLoading: false },
      );
    });
    return () => abort.abort();
  }, [path, t]);
  return state;
}

export const useSeries = (wish: SeriesWish, initial: Series | null): Loaded<Series> =>
  useLoaded<Series>(seriesPath(wish), initial);
