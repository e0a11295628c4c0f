import { Injectable } from '@nestjs/common';
import { dataClasses, type Storage } from '@wattproof/contracts/api';
import {
  type ChunkSummary,
  chunkMemoryShare,
  type KeepDays,
  keepDaysOf,
  readPolicies,
  summariseChunks,
} from '@wattproof/database';
import { newestSamples, type Scope, type StorageSampleRow, sampleHistory } from '@wattproof/database/queries';
import { bytesAfter } from '@wattproof/energy';
import { Resources } from '../resources.ts';

const day_ms = 86_400_000;
const forecastMonths = [1, 12] as const;
const classOfHypertable = { reading: 'readings', interval: 'intervals' } as const;

@Injectable()
export class StorageService {
  constructor(private readonly resources: Resources) {}

  read(scope: Scope): Promise<Storage> {
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      const samples = await newestSamples(client, scope);
      const keep = keepDaysOf(await readPolicies(client, scope.organisationId));
      const chunks = await summariseChunks(client);
      const history = await sampleHistory(client, scope);
      return storageView({ samples, keep, chunks, history, now_ms: Date.now() });
    });
  }
}

interface Measured {
  readonly samples: readonly StorageSampleRow[];
  readonly keep: KeepDays;
  readonly chunks: readonly ChunkSummary[];
  readonly history: Awaited<ReturnType<typeof sampleHistory>>;
  readonly now_ms: number;
}

function storageView({ samples, keep, chunks, history, now_ms }: Measured): Storage {
  const measured_ms = Math.max(...samples.map((s) => s.at.getTime()));
  const growths = samples.flatMap((s) => s.growth_bytes_per_day ?? []);
  return {
    measuredAt: samples.length > 0 ? new Date(measured_ms).toISOString() : null,
    bytes: samples.reduce((sum, s) => sum + s.bytes, 0),
    growth_bytes_per_day: growths.length > 0 ? growths.reduce((a, b) => a + b, 0) : null,
    classes: dataClasses.map((name) => {
      const sample = samples.find((s) => s.class === name);
      return {
        class: name,
        rows: sample?.rows ?? 0,
        bytes: sample?.bytes ?? 0,
        oldest: sample?.oldest?.toISOString() ?? null,
        newest: sample?.newest?.toISOString() ?? null,
        growth_rows_per_day: sample?.growth_rows_per_day ?? null,
        growth_bytes_per_day: sample?.growth_bytes_per_day ?? null,
        keep_days: keep[name],
      };
    }),
    forecast:
      samples.length === 0
        ? []
        : forecastMonths.map((months) => forecastOf(months, { samples, keep, now_ms })),
    history: history.map(({ at, ...rest }) => ({ at: at.toISOString(), ...rest })),
    chunks: chunks.map((chunk) => ({
      class: classOfHypertable[chunk.hypertable],
      count: chunk.chunks,
      width_s: chunk.width_s,
      preparedUntil: chunk.prepared_until?.toISOString() ?? null,
      largest_bytes: chunk.largest_bytes,
      budget_bytes: chunkMemoryShare * chunk.memory_bytes,
    })),
    licence: {
      edition: chunks.some((c) => c.edition === 'timescale') ? 'timescale' : 'apache',
      columnstore: chunks.some((c) => c.edition === 'timescale'),
      packedChunks: chunks.reduce((sum, c) => sum + c.packed, 0),
    },
  };
}

function forecastOf(
  months: number,
  { samples, keep, now_ms }: Pick<Measured, 'samples' | 'keep' | 'now_ms'>,
): Storage['forecast'][number] {
  const at = new Date(now_ms);
  at.setUTCMonth(at.getUTCMonth() + months);
  const days = (at.getTime() - now_ms) / day_ms;
  const bytes = samples.map((sample) =>
    bytesAfter(
      {
        bytes: sample.bytes,
        growth_bytes_per_day: sample.growth_bytes_per_day ?? 0,
        age_days: sample.oldest ? (now_ms - sample.oldest.getTime()) / day_ms : 0,
        keep_days: keep[sample.class],
      },
      days,
    ),
  );
  return { months, at: at.toISOString(), bytes: Math.round(bytes.reduce((a, b) => a + b, 0)) };
}
