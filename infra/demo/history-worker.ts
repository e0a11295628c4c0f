import { parentPort, workerData } from 'node:worker_threads';
import { commitReadings, createReadingBatch, type ReadingBatch } from '@wattproof/database';
import {
  demoPlant,
  isSilent,
  type MeterModel,
  type PlantOptions,
  plantModelOf,
  shownValue,
  step_ms,
} from '@wattproof/simulator';
import pg from 'pg';

/** One meter's part of the history: readings over [from, to). */
export interface HistoryPart {
  readonly siteKey: string;
  readonly meterKey: string;
  readonly meterId: number;
  readonly organisationId: number;
  readonly from_ms: number;
}

export interface HistoryOrder {
  readonly databaseUrl: string;
  readonly plant: PlantOptions;
  readonly to_ms: number;
  readonly parts: readonly HistoryPart[];
}

export interface HistoryMessage {
  readonly meters: 1;
  readonly rows: number;
}

/** The meter's readings as a live gateway would have stored them, one at each quarter hour. */
export function historyBatch(model: MeterModel, part: HistoryPart, to_ms: number): ReadingBatch {
  const first = Math.ceil(part.from_ms / step_ms);
  const most = Math.max(0, Math.ceil(to_ms / step_ms) - first);
  const batch = createReadingBatch(Math.max(1, most));
  const columns = model.briefMeasurands.map((measurand) => {
    const column = new Float64Array(Math.max(1, most));
    batch.values.set(measurand, column);
    return { column, shown: shownValue(model.meter, measurand) };
  });
  const values = new Float64Array(columns.length);
  const received_ms = Date.now();
  let row = 0;
  for (let step = first; step < first + most; step++) {
    const at_ms = step * step_ms;
    if (isSilent(model.meter, at_ms)) continue;
    model.briefAt(at_ms, values);
    for (let c = 0; c < columns.length; c++) {
      const { column, shown } = columns[c] as (typeof columns)[number];
      column[row] = shown(values[c] as number);
    }
    batch.at_ms[row] = at_ms;
    row++;
  }
  batch.count = row;
  batch.meterId.fill(part.meterId, 0, row);
  batch.organisationId.fill(part.organisationId, 0, row);
  batch.receivedAt_ms.fill(received_ms, 0, row);
  return batch;
}

async function run(order: HistoryOrder): Promise<void> {
  const model = plantModelOf(demoPlant(order.plant));
  const client = new pg.Client({ connectionString: order.databaseUrl });
  await client.connect();
  try {
    // After a crash the history is filled again from the last stored reading.
    await client.query('SET synchronous_commit = off');
    for (const part of order.parts) {
      const meter = model.site(part.siteKey).meter(part.meterKey);
      const batch = historyBatch(meter, part, order.to_ms);
      await commitReadings(client, batch);
      parentPort?.postMessage({ meters: 1, rows: batch.count } satisfies HistoryMessage);
    }
  } finally {
    await client.end();
  }
}

if (parentPort) await run(workerData as HistoryOrder);
