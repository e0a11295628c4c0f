/** Fits candidates in a thread of its own, so that the API goes on answering meanwhile. */
import { parentPort } from 'node:worker_threads';
import { type CandidateQuestion, rememberedFits, runCandidates } from './candidate-run.ts';

const remember = rememberedFits();

parentPort?.on(
  'message',
  ({ id, question }: { readonly id: number; readonly question: CandidateQuestion }) => {
    try {
      parentPort?.postMessage({ id, answer: runCandidates(question, remember) });
    } catch (error) {
      parentPort?.postMessage({ id, error: error instanceof Error ? error.message : String(error) });
    }
  },
);
