import {
  claimValuesToReplace,
  everyOrganisation,
  finishReplacement,
  replaceValue,
  withScope,
} from '@wattproof/database';
import type { Pool } from 'pg';

/** Values in one transaction. */
const valuesMax = 200;

/** Puts values in the place of stored ones where a person decided so. How many were claimed. */
export function replaceValues(pool: Pool): Promise<number> {
  return withScope(pool, everyOrganisation, async (client) => {
    const claimed = await claimValuesToReplace(client, valuesMax);
    for (const value of claimed)
      await finishReplacement(
        client,
        value.id,
        (await replaceValue(client, value))
          ? `${value.stored} was replaced by ${value.arrived}`
          : 'not replaced: another value is stored by now',
      );
    return claimed.length;
  });
}
