import { decodeSchema, schemaHash } from '@wattproof/contracts/mqtt';
import { rememberSchema } from '../gateway/gateway-directory.ts';
import { type Assembly, reject } from './assembly.ts';
import type { DecodeContext, GatewayMessage } from './decode.ts';

/** `up/schema`: usable from here on, stored with this transaction. An empty message clears the retained one and says nothing. */
export function decodeSchemaMessage(
  assembly: Assembly,
  { delivery, gateway }: GatewayMessage,
  { schemaWait }: DecodeContext,
): void {
  const { payload } = delivery;
  const { gatewayId } = gateway;
  if (payload.length === 0) return;
  const hash = schemaHash(payload);
  try {
    rememberSchema(gateway, hash, decodeSchema(payload));
  } catch (error) {
    reject(assembly, delivery, { gateway, gatewayId }, [
      { code: 'malformed', message: `not a schema: ${(error as Error).message}`, where: 'message' },
    ]);
    return;
  }
  assembly.schemas.push({ gatewayId, hash, encoded: payload });
  schemaWait.arrived(gatewayId, hash);
}
