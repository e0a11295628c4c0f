import { parseUpTopic, type ResultMessage, resultMessage } from '@wattproof/contracts/mqtt';
import type { Logger } from '@wattproof/runtime';
import type { Broker } from '../gateway/broker.ts';

/** What every gateway answers to commands. */
const resultFilter = 'wattproof/v1/+/+/up/result';

/** Waits for the answers of gateways to commands that this process has sent. */
export class CommandDesk {
  private readonly waiting = new Map<
    string,
    { readonly gatewayId: string; readonly resolve: (result: ResultMessage) => void }
  >();

  constructor(broker: Broker, logger: Logger) {
    broker.listen(resultFilter, (topic, payload) => {
      const gatewayId = parseUpTopic(topic)?.gatewayId;
      const parsed = resultMessage.safeParse(parseJson(payload));
      if (!parsed.success) {
        logger.warn({ topic }, 'an answer to a command was not understood');
        return;
      }
      const waiting = this.waiting.get(parsed.data.id);
      // A gateway answers for itself only, whatever id it names.
      if (waiting?.gatewayId === gatewayId) waiting?.resolve(parsed.data);
    });
  }

  /** The answer of a gateway, or undefined where none comes in time. Call it before the command is sent. */
  expect(id: string, gatewayId: string, limit_ms: number): Promise<ResultMessage | undefined> {
    const { promise, resolve } = Promise.withResolvers<ResultMessage | undefined>();
    const timer = setTimeout(() => resolve(undefined), limit_ms);
    this.waiting.set(id, { gatewayId, resolve });
    return promise.finally(() => {
      clearTimeout(timer);
      this.waiting.delete(id);
    });
  }
}

function parseJson(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString('utf8'));
  } catch {
    // Not JSON: the schema refuses it.
    return undefined;
  }
}
