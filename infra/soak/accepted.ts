import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
  decodeCompactBlocks,
  decodeCompactHead,
  decodeSchema,
  unpackReadings,
  type WireReading,
} from '@wattproof/contracts/mqtt';
import { openOutbox } from '@wattproof/edge/outbox';

/**
 * Lets an outbox's own file note everything that it ever accepts, in the very commit that accepts it: whatever kills the
 * gateway, the note is there exactly where the reading is. The gateway knows nothing of it.
 */
export function noteAccepted(stateFolder: string): void {
  openOutbox(stateFolder).close();
  const file = new DatabaseSync(join(stateFolder, 'outbox.sqlite'));
  file.exec(`
    CREATE TABLE IF NOT EXISTS accepted (hash TEXT, oldest_ms INTEGER NOT NULL, payload BLOB NOT NULL) STRICT;
    CREATE TRIGGER IF NOT EXISTS waiting_accepted AFTER INSERT ON waiting
      BEGIN INSERT INTO accepted VALUES (new.hash, new.oldest_ms, new.payload); END;
    CREATE TRIGGER IF NOT EXISTS batch_accepted AFTER INSERT ON batch WHEN new.lane = 'live'
      BEGIN INSERT INTO accepted VALUES (NULL, new.oldest_ms, new.payload); END;
  `);
  file.close();
}

/** Everything that the outbox of a folder has ever accepted. */
export function acceptedReadings(stateFolder: string): WireReading[] {
  const file = new DatabaseSync(join(stateFolder, 'outbox.sqlite'), { readOnly: true });
  try {
    const schemas = new Map(
      file
        .prepare('SELECT hash, encoded FROM schema')
        .all()
        .map((row) => [String(row.hash), decodeSchema(row.encoded as Uint8Array)]),
    );
    const schemaOf = (hash: string) => {
      const schema = schemas.get(hash);
      if (!schema) throw new Error(`the outbox has no schema ${hash}`);
      return schema;
    };
    return file
      .prepare('SELECT hash, oldest_ms, payload FROM accepted')
      .all()
      .flatMap(({ hash, oldest_ms, payload }) => {
        const bytes = payload as Uint8Array;
        if (hash !== null) return unpackReadings(bytes, schemaOf(String(hash)), Number(oldest_ms));
        const head = decodeCompactHead(bytes);
        return [...decodeCompactBlocks(head, schemaOf(head.schemaHash)).readings];
      });
  } finally {
    file.close();
  }
}

/** Batches and waiting entries that ingestion has not acknowledged. */
export function heldBack(stateFolder: string): number {
  const file = new DatabaseSync(join(stateFolder, 'outbox.sqlite'), { readOnly: true, timeout: 5000 });
  try {
    const sql = 'SELECT (SELECT count(*) FROM batch) + (SELECT count(*) FROM waiting) AS count';
    return Number(file.prepare(sql).get()?.count);
  } finally {
    file.close();
  }
}
