import type { LineWork } from './poll-device.ts';

/** What a person asks of a line from afar; the line's one owner does it between two of its own requests. */
export interface QuestionQueue {
  /** @throws Error where the line is not open, or too much is asked already. */
  readonly ask: <Answer>(question: (work: LineWork) => Promise<Answer>) => Promise<Answer>;
  /** Does what was asked, in order. */
  readonly answer: (work: LineWork) => Promise<void>;
  /** Aborted when something is asked: ends the pause of a line that has nothing else to do. */
  readonly asked: () => AbortSignal;
  /** Nobody will answer any more: whoever waits is told why. */
  readonly close: (reason: string) => void;
}

/** Questions that wait; a person asks one at a time. */
const waitingMost = 8;

export function questionQueue(): QuestionQueue {
  let waiting: { run: (work: LineWork) => Promise<void>; refuse: (error: Error) => void }[] = [];
  let bell = new AbortController();
  let closed: string | undefined = 'the line is not open';
  return {
    ask: (question) =>
      new Promise((resolve, refuse) => {
        if (closed !== undefined) return refuse(new Error(closed));
        if (waiting.length >= waitingMost) return refuse(new Error('too much is asked of this line at once'));
        waiting.push({ run: (work) => question(work).then(resolve, refuse), refuse });
        bell.abort();
      }),
    answer: async (work) => {
      closed = undefined;
      for (let next = waiting.shift(); next; next = waiting.shift()) await next.run(work);
      if (bell.signal.aborted) bell = new AbortController();
    },
    asked: () => bell.signal,
    close: (reason) => {
      closed = reason;
      for (const { refuse } of waiting) refuse(new Error(reason));
      waiting = [];
    },
  };
}
