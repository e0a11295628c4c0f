import type { Logger } from '@wattproof/runtime';
import type { Pool } from 'pg';
import type { Doorbell } from '../live/doorbell.ts';
import type { DecodeContext } from '../message/decode.ts';
import { takeLetter } from './letter.ts';
import { replaceValues } from './replacement.ts';

export interface DecisionsOptions {
  readonly pool: Pool;
  readonly context: Omit<DecodeContext, 'isFinal' | 'correction_ms'>;
  readonly doorbell: Doorbell;
  readonly logger: Logger;
  readonly onCarriedOut: (kind: 'take' | 'replace', count: number) => void;
}
export interface Decisions {
  readonly close: () => Promise<void>;
}

const pause_ms = 1_000;

/**
 * Carries out what people decided about readings. Every process does; rows are claimed one by one, so that each decision is
 * carried out once, and before what is waiting longer nothing newer is.
 */
export function runDecisions(options: DecisionsOptions): Decisions {
  const { pool, context, doorbell, logger, onCarriedOut } = options;
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;
  const carryOut = async (): Promise<void> => {
    while (!isClosed) {
      const taken = await takeLetter(pool, context);
      if (!taken) break;
      onCarriedOut('take', 1);
      doorbell.ring(taken.sites);
    }
    while (!isClosed) {
      const replaced = await replaceValues(pool);
      if (replaced === 0) break;
      onCarriedOut('replace', replaced);
      doorbell.ring(new Map());
    }
  };
  let running: Promise<void> = Promise.resolve();
  const run = (): void => {
    running = carryOut()
      .catch((error: unknown) => logger.warn({ err: error }, 'decisions wait: they could not be carried out'))
      .finally(() => {
        if (!isClosed) timer = setTimeout(run, pause_ms);
      });
  };
  run();
  return {
    close: async () => {
      isClosed = true;
      clearTimeout(timer);
      await running;
    },
  };
}
