import { type BatchSchema, decodeSchema } from '@wattproof/contracts/mqtt';
import {
  everyOrganisation,
  type GatewayMeterRecord,
  type GatewayRecord,
  gatewayRecords,
  gatewaySchemas,
  withScope,
} from '@wattproof/database';
import type { Pool } from 'pg';

export interface Gateway {
  readonly gatewayId: string;
  readonly organisationId: number;
  readonly siteId: string;
  readonly partition: number;
  readonly isRevoked: boolean;
  readonly meters: ReadonlyMap<string, readonly GatewayMeterRecord[]>;
  /** Schemas by hash. */
  readonly schemas: Map<string, BatchSchema>;
}

/** What is asked anew of the database: a gateway, or a schema of it. */
export interface DirectoryQuestion {
  readonly gatewayId: string;
  readonly schemaHash?: string;
}

/** Gateways, their meters and their schemas, in memory. */
export interface GatewayDirectory {
  /** Undefined: not known here, perhaps in the database. */
  readonly find: (gatewayId: string) => Gateway | undefined;
  /** Asks the database about these gateways and schemas. */
  readonly refresh: (questions: readonly DirectoryQuestion[]) => Promise<void>;
  /** Asks the database about every gateway known here. */
  readonly refreshAll: () => Promise<void>;
}

/** Schemas kept in memory of one gateway; it uses one at a time. */
const schemasMax = 16;

export function createGatewayDirectory(pool: Pool): GatewayDirectory {
  const gateways = new Map<string, Gateway>();

  const keep = (records: readonly GatewayRecord[], asked: readonly string[]): void => {
    const found = new Map(records.map((record) => [record.gatewayId, record]));
    for (const id of asked) {
      const record = found.get(id);
      if (record) gateways.set(id, gatewayOf(record, gateways.get(id)));
      else gateways.delete(id);
    }
  };

  const refresh: GatewayDirectory['refresh'] = async (questions) => {
    if (questions.length === 0) return;
    const ids = [...new Set(questions.map((q) => q.gatewayId))];
    const schemaKeys = questions.flatMap(({ gatewayId, schemaHash: hash }) =>
      hash === undefined ? [] : [{ gatewayId, hash }],
    );
    await withScope(
      pool,
      everyOrganisation,
      async (client) => {
        keep(await gatewayRecords(client, ids), ids);
        if (schemaKeys.length === 0) return;
        for (const { gatewayId, hash, encoded } of await gatewaySchemas(client, schemaKeys)) {
          const gateway = gateways.get(gatewayId);
          if (gateway) rememberSchema(gateway, hash, decodeSchema(encoded));
        }
      },
      { readOnly: true },
    );
  };

  return {
    find: (gatewayId) => gateways.get(gatewayId),
    refresh,
    refreshAll: () => refresh([...gateways.keys()].map((gatewayId) => ({ gatewayId }))),
  };
}

function gatewayOf(record: GatewayRecord, known: Gateway | undefined): Gateway {
  const meters = new Map<string, GatewayMeterRecord[]>();
  for (const meter of record.meters) {
    const list = meters.get(meter.meterKey);
    if (list) list.push(meter);
    else meters.set(meter.meterKey, [meter]);
  }
  const { gatewayId, organisationId, siteId, partition, isRevoked } = record;
  const schemas = known?.schemas ?? new Map<string, BatchSchema>();
  return { gatewayId, organisationId, siteId, partition, isRevoked, meters, schemas };
}

/** Keeps a schema; the one that was learnt first makes room. */
export function rememberSchema(gateway: Gateway, hash: string, schema: BatchSchema): void {
  gateway.schemas.set(hash, schema);
  for (const oldest of gateway.schemas.keys()) {
    if (gateway.schemas.size <= schemasMax) break;
    gateway.schemas.delete(oldest);
  }
}

/** The meter that a key means at an instant. */
export function meterAt(gateway: Gateway, meterKey: string, at_ms: number): number | undefined {
  const list = gateway.meters.get(meterKey);
  if (!list) return undefined;
  for (const { meterId, from_ms, to_ms } of list) if (at_ms >= from_ms && at_ms < to_ms) return meterId;
  return undefined;
}
