'use client';
import type { Candidates, FindCandidates } from '@wattproof/contracts/api';
import { useEffect, useState } from 'react';
import { type ClientProblem, request } from '../api/client.ts';

/** What is known of a choice: the last answer stays on the page while the next one is on its way. */
export interface CandidateState {
  readonly answer: Candidates | null;
  readonly problem: ClientProblem | null;
  readonly isLoading: boolean;
}

/** Changes that come one upon another are asked for once. */
const patience_ms = 120;

/** Asks for the candidates of a choice anew whenever it changes; an answer that was overtaken is dropped. */
export function useCandidates(wish: FindCandidates | null): CandidateState {
  const [state, setState] = useState<CandidateState>({
    answer: null,
    problem: null,
    isLoading: wish !== null,
  });
  const key = wish === null ? null : JSON.stringify(wish);
  useEffect(() => {
    if (key === null) {
      setState((s) => ({ ...s, isLoading: false }));
      return;
    }
    const overtaken = new AbortController();
    setState((s) => ({ ...s, isLoading: true }));
    const timer = setTimeout(async () => {
      const answer = await request<Candidates>('/enb-candidates', {
        method: 'POST',
        json: JSON.parse(key),
        signal: overtaken.signal,
      });
      if (overtaken.signal.aborted) return;
      setState(
        answer.ok
          ? { answer: answer.value, problem: null, isLoading: false }
          : { answer: null, problem: answer.problem, isLoading: false },
      );
    }, patience_ms);
    return () => {
      clearTimeout(timer);
      overtaken.abort();
    };
  }, [key]);
  return state;
}
