import { downTopic } from '@wattproof/contracts/mqtt';
import { enrolPassword } from '@wattproof/database';
import {
  claimOutbox,
  type Database,
  finishOutbox,
  type OutboxOutcome,
  type OutboxRow,
} from '@wattproof/database/queries';
import type { Logger } from '@wattproof/runtime';
import type { Broker } from './broker.ts';
import { admitGateway, dismissGateway, type GatewayPlace } from './gateway-account.ts';

const batch = 20;
const pause_ms = 1_000;

export interface DownPathOptions {
  readonly database: Database;
  readonly broker: Broker;
  readonly secretKey: string;
  readonly logger: Logger;
  /** Done in each round before anything is sent: what gateways have said may have something sent. */
  readonly before?: () => Promise<void>;
}

interface GatewayRecord extends GatewayPlace {
  readonly isRevoked: boolean;
}

/** The one sender of everything that goes down to gateways and their accounts: works off the table `outbox`. */
export class DownPath {
  private readonly options: DownPathOptions;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private stopped = true;

  constructor(options: DownPathOptions) {
    this.options = options;
  }

  start(): void {
    this.stopped = false;
    this.schedule(0);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  /** Sends what is due now and returns when it is tried: new credentials then work at once. */
  async flush(): Promise<void> {
    await this.running;
    this.running = this.work().finally(() => {
      this.running = undefined;
    });
    await this.running;
  }

  private schedule(delay_ms: number): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      void this.flush().finally(() => this.schedule(pause_ms));
    }, delay_ms);
  }

  private async work(): Promise<void> {
    const { database, broker, logger, before } = this.options;
    try {
      await before?.();
    } catch (error) {
      // Recovery: the next round looks again.
      logger.warn({ err: error }, 'what gateways say of their configurations could not be taken over');
    }
    // Rows stay due while the broker is away: their tries are not used up.
    if (!broker.isConnected) return;
    try {
      for (;;) {
        const rows = await claimOutbox(database, batch);
        for (const row of rows) await this.handle(row);
        if (rows.length < batch) return;
      }
    } catch (error) {
      // Recovery: the rows are due again after their pause.
      logger.warn({ err: error }, 'the outbox could not be worked off');
    }
  }

  private async handle(row: OutboxRow): Promise<void> {
    const { database, logger } = this.options;
    const about = { outboxId: row.id, gatewayId: row.gatewayId, kind: row.kind };
    try {
      const outcome = await this.send(row);
      await finishOutbox(database, row, outcome);
      logger.info({ ...about, failure: outcome.failure }, 'sent down');
    } catch (error) {
      logger.warn({ ...about, err: error, attempts: row.attempts }, 'could not be sent down');
      await finishOutbox(database, row, { failure: (error as Error).message });
    }
  }

  private async send(row: OutboxRow): Promise<OutboxOutcome> {
    const { broker, secretKey } = this.options;
    const gateway = await this.findGateway(row);
    if (gateway.isRevoked && row.kind !== 'revoke')
      return { failure: 'the gateway was revoked', closed: true, payload: {} };
    switch (row.kind) {
      case 'enrol': {
        const { sealedPassword } = row.payload;
        if (typeof sealedPassword !== 'string') return { failure: 'the credential is gone', closed: true };
        await admitGateway(broker, gateway, enrolPassword(secretKey, row.gatewayId, sealedPassword));
        return { failure: null, payload: { ...row.payload, sealedPassword: null } };
      }
      case 'revoke':
        await dismissGateway(broker, gateway);
        // An empty retained message takes the kept configuration away.
        await broker.publish(downTopic(gateway.partition, row.gatewayId, 'config'), '', { retain: true });
        return { failure: null };
      case 'config':
        await broker.publish(
          downTopic(gateway.partition, row.gatewayId, 'config'),
          JSON.stringify(row.payload),
          {
            retain: true,
          },
        );
        return { failure: null };
      case 'command':
        return this.sendCommand(row, gateway);
    }
  }

  /** Never retained, and not at all once it has expired: a late command is a wrong one. */
  private async sendCommand(row: OutboxRow, gateway: GatewayPlace): Promise<OutboxOutcome> {
    const rest_s = row.expiresAt ? Math.floor((row.expiresAt.getTime() - Date.now()) / 1_000) : 60;
    if (rest_s <= 0) return { failure: 'it expired before it could be sent', closed: true };
    await this.options.broker.publish(
      downTopic(gateway.partition, row.gatewayId, 'command'),
      JSON.stringify(row.payload),
      { retain: false, properties: { messageExpiryInterval: rest_s } },
    );
    return { failure: null };
  }

  private findGateway(row: OutboxRow): Promise<GatewayRecord> {
    return this.options.database.withOrganisation(row.organisationId, async (tx) => {
      const found = await tx.gateway.findUniqueOrThrow({
        where: { id: row.gatewayId },
        select: { id: true, partition: true, revokedAt: true },
      });
      return { gatewayId: found.id, partition: found.partition, isRevoked: found.revokedAt !== null };
    });
  }
}
