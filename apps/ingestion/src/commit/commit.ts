import {
  advance,
  emptyWatermark,
  everyOrganisation,
  lockWatermarks,
  saveDeadLetters,
  saveGatewaySchemas,
  saveGatewaySightings,
  saveWatermarks,
  type Watermark,
  type WatermarkRecord,
  type WriteResult,
  withScope,
  writeReadings,
} from '@wattproof/database';
import type { Pool } from 'pg';
import type { Assembly, SettledSequence } from '../message/assembly.ts';

/** A sequence as it stands after a commit. */
export interface CommittedSequence {
  readonly sequence: SettledSequence;
  readonly mark: Watermark;
}
export interface CommitResult {
  readonly written: WriteResult;
  readonly sequences: readonly CommittedSequence[];
}

/** Writes all of an assembly in one transaction: readings, schemas, sightings, dead letters, watermarks. */
export function commitAssembly(pool: Pool, assembly: Assembly): Promise<CommitResult> {
  return withScope(pool, everyOrganisation, async (client) => {
    const settled = [...assembly.sequences.values()];
    // First, so that of two processes that both believe they hold a partition the second waits here.
    const stored = settled.length > 0 ? await lockWatermarks(client, settled) : [];
    const written = await writeReadings(client, assembly.readings);
    await saveGatewaySchemas(client, assembly.schemas);
    await saveDeadLetters(client, assembly.deadLetters);
    await saveGatewaySightings(client, [...assembly.sightings.values()]);
    const sequences = settled.map((sequence) => ({ sequence, mark: markAfter(sequence, stored) }));
    await saveWatermarks(
      client,
      sequences.map(({ sequence: { gatewayId, boot, lane }, mark }) => ({ gatewayId, boot, lane, ...mark })),
    );
    return { written, sequences };
  });
}

function markAfter(sequence: SettledSequence, stored: readonly WatermarkRecord[]): Watermark {
  const before = stored.find(
    (w) => w.gatewayId === sequence.gatewayId && w.boot === sequence.boot && w.lane === sequence.lane,
  );
  return advance(before ?? emptyWatermark, sequence.seqs);
}
