'use client';
import { useState } from 'react';
import { type Answer, type ClientProblem, type RequestOptions, request } from '../api/client.ts';
import { useTranslator } from '../i18n/provider.tsx';
import { problemText } from './problem.ts';

/** One act of a form: busy while it runs, its failure in words, what was typed stays. */
export function useSubmit<T>(): {
  readonly isBusy: boolean;
  readonly error: string | null;
  readonly problem: ClientProblem | null;
  readonly send: (path: string, options: RequestOptions) => Promise<Answer<T>>;
} {
  const t = useTranslator();
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ClientProblem | null>(null);
  const send = async (path: string, options: RequestOptions): Promise<Answer<T>> => {
    setBusy(true);
    setProblem(null);
    const answer = await request<T>(path, options);
    setBusy(false);
    if (!answer.ok) setProblem(answer.problem);
    return answer;
  };
  return { isBusy, problem, error: problem ? problemText(t, problem) : null, send };
}
