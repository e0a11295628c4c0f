import { randomUUID } from 'node:crypto';
import { AppError, type Logger } from '@wattproof/runtime';
import mqtt, { type IClientPublishOptions, type MqttClient } from 'mqtt';

const controlTopic = '$CONTROL/dynamic-security/v1';
const answerLimit_ms = 5_000;

export interface ControlCommand {
  readonly command: string;
  readonly [argument: string]: unknown;
}
interface ControlAnswer {
  readonly command: string;
  readonly error?: string;
  readonly correlationData?: string;
}

export type OnMessage = (topic: string, payload: Buffer) => void;

export interface BrokerOptions {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  readonly logger: Logger;
}

/** The broker as its administrator sees it: accounts of gateways, and what is sent down to them. */
export class Broker {
  private readonly client: MqttClient;
  private readonly waiting = new Map<string, (answer: ControlAnswer) => void>();
  private readonly listeners: { readonly filter: string; readonly onMessage: OnMessage }[] = [];

  constructor({ url, username, password, logger }: BrokerOptions) {
    this.client = mqtt.connect(url, {
      protocolVersion: 5,
      username,
      password,
      clientId: `wattproof-api-${randomUUID()}`,
      clean: true,
      reconnectPeriod: 1_000,
      // What cannot be sent now stays in the outbox, not in memory.
      queueQoSZero: false,
    });
    this.client.on('connect', () => {
      this.client.subscribe(`${controlTopic}/response`, { qos: 1 }, (error) => {
        if (error) logger.error({ err: error }, 'the broker does not let its administrator listen');
      });
      for (const { filter } of this.listeners) this.client.subscribe(filter, { qos: 1 });
    });
    this.client.on('error', (error) => logger.warn({ err: error }, 'the broker is away'));
    this.client.on('message', (topic, payload) => {
      if (topic.startsWith('$')) this.receive(payload, logger);
      else for (const { onMessage } of this.listeners) onMessage(topic, payload);
    });
  }

  /** Hears what is published on a filter, from now on and after every reconnection. */
  listen(filter: string, onMessage: OnMessage): void {
    this.listeners.push({ filter, onMessage });
    if (this.client.connected) this.client.subscribe(filter, { qos: 1 });
  }

  get isConnected(): boolean {
    return this.client.connected;
  }

  /**
   * One command of the dynamic security plugin.
   * @returns the broker's refusal, or undefined where it did as told.
   * @throws AppError dependencyUnavailable where it does not answer.
   */
  async control(command: ControlCommand): Promise<string | undefined> {
    this.requireConnection();
    const correlationData = randomUUID();
    const { promise, resolve, reject } = Promise.withResolvers<ControlAnswer>();
    const timer = setTimeout(
      () => reject(new AppError('dependencyUnavailable', 'The broker did not answer in time')),
      answerLimit_ms,
    );
    this.waiting.set(correlationData, resolve);
    try {
      await this.publish(controlTopic, JSON.stringify({ commands: [{ ...command, correlationData }] }), {});
      return (await promise).error;
    } finally {
      clearTimeout(timer);
      this.waiting.delete(correlationData);
    }
  }

  /** @throws AppError dependencyUnavailable where the broker is away. */
  async publish(topic: string, payload: string, options: IClientPublishOptions): Promise<void> {
    this.requireConnection();
    await this.client.publishAsync(topic, payload, { qos: 1, ...options });
  }

  async close(): Promise<void> {
    await this.client.endAsync(true);
  }

  private requireConnection(): void {
    if (!this.client.connected) throw new AppError('dependencyUnavailable', 'The broker is away');
  }

  private receive(payload: Buffer, logger: Logger): void {
    try {
      const { responses } = JSON.parse(payload.toString('utf8')) as { responses: ControlAnswer[] };
      for (const answer of responses) this.waiting.get(answer.correlationData ?? '')?.(answer);
    } catch (error) {
      // Recovery: whoever waits for this answer runs into its time limit.
      logger.error({ err: error }, 'the broker answered something unreadable');
    }
  }
}
