import { Worker } from 'node:worker_threads';
import { AppError } from '@wattproof/runtime';
import { type CandidateAnswer, type CandidateQuestion, questionKey } from './candidate-run.ts';

/** More questions than this wait in vain: whoever asks is told to ask again. */
const greatestWaiting = 16;
const greatestRun_ms = 20_000;
/** Answers that are kept: people go back and forth between choices. */
const greatestKept = 32;

interface Waiting {
  readonly resolve: (answer: CandidateAnswer) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/** One thread that is started with the first question and answers one after another. */
export class CandidateThread {
  #worker: Worker | null = null;
  #last = 0;
  readonly #waiting = new Map<number, Waiting>();
  readonly #kept = new Map<string, Promise<CandidateAnswer>>();

  ask(question: CandidateQuestion): Promise<CandidateAnswer> {
    const key = questionKey(question);
    const known = this.#kept.get(key);
    if (known) return known;
    if (this.#waiting.size >= greatestWaiting)
      throw new AppError('tooManyRequests', 'Too many choices are being fitted; try again in a few seconds', {
        greatestWaiting,
      });
    const answer = this.#send(question);
    this.#kept.set(key, answer);
    answer.catch(() => this.#kept.delete(key));
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= greatestKept) break;
      this.#kept.delete(oldest);
    }
    return answer;
  }

  #send(question: CandidateQuestion): Promise<CandidateAnswer> {
    const worker = this.#worker ?? this.#start();
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#fail(new AppError('notReady', 'The models took too long on this machine', { greatestRun_ms }));
        void worker.terminate();
      }, greatestRun_ms);
      timer.unref();
      this.#waiting.set(id, { resolve, reject, timer });
      worker.postMessage({ id, question });
    });
  }

  #start(): Worker {
    const file = import.meta.url.endsWith('.ts') ? './candidate-worker.ts' : './candidate-worker.js';
    const worker = new Worker(new URL(file, import.meta.url));
    this.#worker = worker;
    // It does not keep the process alive.
    worker.unref();
    worker.on('message', (told: { id: number; answer?: CandidateAnswer; error?: string }) => {
      const waiting = this.#waiting.get(told.id);
      if (!waiting) return;
      this.#waiting.delete(told.id);
      clearTimeout(waiting.timer);
      if (told.answer) waiting.resolve(told.answer);
      else waiting.reject(new Error(told.error ?? 'the models could not be fitted'));
    });
    const end = (error: Error): void => {
      if (this.#worker === worker) this.#fail(error);
    };
    worker.on('error', end);
    worker.on('exit', (code) => end(new Error(`the thread of the models ended (${code})`)));
    return worker;
  }

  /** Every question that waits fails; the next one starts another thread. */
  #fail(error: Error): void {
    this.#worker = null;
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(error);
    }
    this.#waiting.clear();
  }
}
