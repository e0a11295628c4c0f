import {
  claimLetterToTake,
  everyOrganisation,
  finishLetter,
  type LetterToTake,
  withScope,
  writeReadings,
} from '@wattproof/database';
import type { Pool } from 'pg';
import { failureOf } from '../commit/failure.ts';
import { decideUndecided } from '../commit/store.ts';
import { type Assembly, createAssembly } from '../message/assembly.ts';
import { type DecodeContext, decodeDelivery } from '../message/decode.ts';

export interface TakenLetter {
  readonly sites: Assembly['sites'];
  readonly stored: number;
}

/**
 * Stores what the oldest letter holds that a person wants to be taken: the message goes the way of a new one, with today's
 * meters and limits, in one transaction with the letter's end. Undefined where none waits.
 */
export async function takeLetter(
  pool: Pool,
  context: Omit<DecodeContext, 'isFinal' | 'correction_ms'>,
): Promise<TakenLetter | undefined> {
  let claimed: LetterToTake | undefined;
  try {
    return await withScope(pool, everyOrganisation, async (client) => {
      claimed = await claimLetterToTake(client);
      if (!claimed) return undefined;
      const assembly = await decoded(claimed, context);
      const refused = refusalOf(assembly, claimed);
      const isTaken = assembly.readings.count > 0 && refused === undefined;
      const { inserted, filled, unchanged, conflicts } = await writeReadings(client, assembly.readings);
      const stored = inserted + filled;
      const parts = [
        `${stored} readings stored`,
        ...(unchanged > 0 ? [`${unchanged} were stored already`] : []),
        ...(conflicts > 0 ? [`${conflicts} values contradict stored ones`] : []),
        ...(refused === undefined ? [] : [`refused again: ${refused}`]),
      ];
      await finishLetter(client, claimed.id, { isTaken, outcome: parts.join('; ') });
      return { sites: assembly.sites, stored };
    });
  } catch (error) {
    const letter = claimed;
    if (!letter || failureOf(error) !== 'refused') throw error;
    const outcome = `refused again: ${(error as Error).message}`;
    await withScope(pool, everyOrganisation, (client) =>
      finishLetter(client, letter.id, { isTaken: false, outcome }),
    );
    return { sites: new Map(), stored: 0 };
  }
}

async function decoded(
  { topic, payload, receivedAt_ms, code, correction_ms }: LetterToTake,
  context: Omit<DecodeContext, 'isFinal' | 'correction_ms'>,
): Promise<Assembly> {
  const delivery = {
    topic,
    payload,
    receivedAt_ms,
    isRetained: false,
    isRedelivered: true,
    messageId: 0,
    generation: 0,
  };
  const assembly = createAssembly();
  const full = code === 'timestampOutOfRange' ? { ...context, correction_ms } : context;
  decodeDelivery(assembly, delivery, { ...full, isFinal: false });
  await decideUndecided(assembly, full);
  return assembly;
}

/** Why the letter's own part of the message is refused still; the other parts have letters of their own. */
function refusalOf(assembly: Assembly, { code, meterKey }: LetterToTake): string | undefined {
  const own = assembly.deadLetters.find((refused) =>
    code === 'timestampOutOfRange'
      ? refused.readings !== null
      : refused.code === code && (meterKey === null || refused.meterKey === meterKey),
  );
  if (own) return own.message;
  const [other] = assembly.deadLetters;
  return assembly.readings.count > 0
    ? undefined
    : (other?.message ?? 'the message holds no reading that is known');
}
