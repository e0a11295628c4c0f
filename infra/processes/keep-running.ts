import { setTimeout as delay } from 'node:timers/promises';
import type { ChildExit, RunningChild } from './child-process.ts';

export interface KeepOptions {
  readonly name: string;
  /** Starts the process and returns when it is ready; when `abort` says so, it ends it and throws. */
  readonly start: (abort: AbortSignal) => Promise<RunningChild>;
  readonly report: (text: string) => void;
}

export interface KeptProcess {
  readonly name: string;
  readonly stop: (limit_s: number) => Promise<void>;
}

const backOff = { first_s: 1, longest_s: 30, steadyAfter_s: 60 } as const;
const reportedLines = 12;

function describe(exit: ChildExit): string {
  return exit.signal ? `was ended by ${exit.signal}` : `ended with code ${exit.code}`;
}

/** Starts a process and starts it again whenever it ends by itself, with growing pauses. */
export async function keepRunning(
  { name, start, report }: KeepOptions,
  abort: AbortSignal,
): Promise<KeptProcess> {
  let child = await start(abort);
  const stopping = new AbortController();
  let pause_s: number = backOff.first_s;

  const restart = async (): Promise<void> => {
    for (;;) {
      await delay(pause_s * 1000, undefined, { signal: stopping.signal });
      pause_s = Math.min(pause_s * 2, backOff.longest_s);
      try {
        child = await start(stopping.signal);
        report(`${name} runs again`);
        return;
      } catch (error) {
        if (stopping.signal.aborted) return;
        report(
          `${name} could not be started again, next attempt in ${pause_s} s: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
    }
  };
  const watch = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const began = Date.now();
      const exit = await child.exited;
      if (stopping.signal.aborted) return;
      if (Date.now() - began > backOff.steadyAfter_s * 1000) pause_s = backOff.first_s;
      const lines = child.lastLines(reportedLines);
      report(
        `${name} ${describe(exit)} and is started again in ${pause_s} s; its last lines (${child.logFile}):\n${lines}`,
      );
      // Also ends what it had started itself.
      await child.stop(0);
      await restart();
    }
  };
  const watching = watch().catch((error: unknown) => {
    if (!stopping.signal.aborted) throw error;
  });
  const stop = async (limit_s: number): Promise<void> => {
    stopping.abort();
    await child.stop(limit_s);
    await watching;
    // A restart may have been under way.
    await child.stop(limit_s);
  };
  return { name, stop };
}
