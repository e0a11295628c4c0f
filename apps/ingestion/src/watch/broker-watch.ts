import type { Logger } from '@wattproof/runtime';
import { connect } from 'mqtt';
import type { Metrics } from '../metrics/metrics.ts';

export interface BrokerWatch {
  /** Messages the broker has dropped since this process began to look. */
  readonly dropped: () => number;
  readonly close: () => void;
}

const figures = {
  '$SYS/broker/store/messages/count': 'brokerMessages',
  '$SYS/broker/store/messages/bytes': 'brokerBytes',
  '$SYS/broker/publish/messages/dropped': 'brokerDropped',
} as const;

/** Reads what Mosquitto says of itself every few seconds. A broker that says nothing, or not to us, leaves the figures out. */
export function watchBroker(
  broker: { readonly url: string; readonly username: string; readonly password: string },
  metrics: Metrics,
  logger: Logger,
): BrokerWatch {
  const { url, username, password } = broker;
  const client = connect(url, {
    protocolVersion: 5,
    username,
    password,
    clean: true,
    reconnectPeriod: 5_000,
  });
  let droppedBefore: number | undefined;
  let dropped = 0;
  client.on('connect', () => {
    client.subscribe(Object.keys(figures), { qos: 0 }, (error, granted) => {
      if (error ?? granted?.some((g) => g.qos >= 0x80))
        logger.info({ err: error }, 'the broker does not tell us how much it holds');
    });
  });
  client.on('message', (topic, payload) => {
    const figure = figures[topic as keyof typeof figures];
    const value = Number(payload.toString());
    if (!figure || !Number.isFinite(value)) return;
    metrics[figure].set(value);
    if (figure !== 'brokerDropped') return;
    // A broker that was started again counts from 0.
    if (droppedBefore !== undefined) dropped += value >= droppedBefore ? value - droppedBefore : value;
    droppedBefore = value;
  });
  client.on('error', (error) => logger.debug({ err: error }, 'watching the broker'));
  return { dropped: () => dropped, close: () => void client.end(true) };
}
