import { Injectable } from '@nestjs/common';
import { exportLimits, type IntervalsExportQuery, type ReadingsExportQuery } from '@wattproof/contracts/api';
import { intervalMeasurands } from '@wattproof/database';
import {
  type CsvFormat,
  countColumns,
  csvLine,
  type ExportSlice,
  intervalBlocks,
  intervalsHead,
  readingBlocks,
  readingsHead,
  readLatest,
  recordEvent,
  type Scope,
  type SeriesMeterRow,
  streamIntervals,
  streamReadings,
} from '@wattproof/database/queries';
import {
  findMeasurand,
  findMeasurandById,
  intervalQualities,
  isZone,
  type Measurand,
  measurands,
  readingQualities,
  standardMeasurands,
} from '@wattproof/energy';
import { AppError } from '@wattproof/runtime';
import type { Response } from 'express';
import type { PoolClient } from 'pg';
import type { Caller } from '../access/caller.ts';
import { type Range, requireRange } from '../http/range.ts';
import { latestValues } from '../meter/meter-view.ts';
import { Resources } from '../resources.ts';
import { requireMeasurand, requireSeriesMeters } from '../series/series-columns.ts';
import { type FileResponse, ReaderGone, startFile } from './file-response.ts';
import { type ParquetColumn, startParquet } from './parquet-file.ts';

/** Files under way at once in this process, and those of one organisation among them. */
const atOnce = { all: 4, organisation: 2 } as const;
/** Files that an organisation may begin. */
const beginnings = { max: 60, window_s: 3_600 } as const;
/** Each slice is a transaction of its own: a download of hours must not hold back what the database clears away. */
const slice_days = { readings: 31, intervals: 366 } as const;
const sliceLimit_s = 600;
const separators = { comma: ',', semicolon: ';', tab: '\t' } as const;
const day_ms = 86_400_000;
const mediaTypes = {
  csv: 'text/csv; charset=utf-8; header=present',
  parquet: 'application/vnd.apache.parquet',
} as const;
/** Spreadsheets that split at semicolons take a file for UTF-8 by this only. */
const byteOrderMark = '\ufeff';

type Query = ReadingsExportQuery | IntervalsExportQuery;

interface Export {
  readonly scope: Scope;
  readonly range: Range;
  readonly meters: readonly SeriesMeterRow[];
  readonly query: Query;
}

@Injectable()
export class ExportService {
  private readonly running = new Map<number, number>();

  constructor(private readonly resources: Resources) {}

  readings(caller: Caller, query: ReadingsExportQuery, response: Response): Promise<void> {
    return this.run(caller, { kind: 'readings', query, response }, async (wanted, file) => {
      const columns = await this.readingColumns(wanted);
      const { scope } = wanted;
      const rows =
        query.format === 'parquet'
          ? readingsParquet(file, columns)
          : csv(file, query, readingsHead(columns), (client, slice, format) =>
              streamReadings(client, scope, slice, format),
            );
      await this.eachSlice(wanted, { longest_days: slice_days.readings, columns }, rows);
    });
  }

  intervals(caller: Caller, query: IntervalsExportQuery, response: Response): Promise<void> {
    return this.run(caller, { kind: 'intervals', query, response }, async (wanted, file) => {
      const columns = intervalColumns(wanted);
      const { scope } = wanted;
      const tier = query.resolution;
      const rows =
        query.format === 'parquet'
          ? intervalsParquet(file, tier)
          : csv(file, query, intervalsHead(tier), (client, slice, format) =>
              streamIntervals(client, scope, { ...slice, tier }, format),
            );
      await this.eachSlice(wanted, { longest_days: slice_days.intervals, columns }, rows);
    });
  }

  private async run(
    caller: Caller,
    {
      kind,
      query,
      response,
    }: { readonly kind: 'readings' | 'intervals'; readonly query: Query; readonly response: Response },
    write: (wanted: Export, file: FileResponse) => Promise<void>,
  ): Promise<void> {
    const { scope } = caller;
    const wanted = await this.prepare(scope, query);
    const leave = this.enter(scope.organisationId);
    try {
      await this.countBeginning(scope.organisationId);
      await this.record(caller, kind, wanted);
      const file = startFile(response, {
        mediaType: mediaTypes[query.format],
        name: fileName(kind, query),
      });
      await write(wanted, file);
      file.end();
    } catch (error) {
      if (!(error instanceof ReaderGone)) throw error;
      // Recovery: nobody is there to be answered.
      this.resources.logger.info({ organisationId: scope.organisationId, kind }, error.message);
    } finally {
      leave();
    }
  }

  /** @throws AppError where the request cannot be answered: before the first byte. */
  private prepare(scope: Scope, query: Query): Promise<Export> {
    const range = requireRange(query, exportLimits.days);
    if (query.timeZone !== undefined && !isZone(query.timeZone))
      throw new AppError('invalid', `timeZone: there is no time zone ${query.timeZone}`);
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => ({
      scope,
      range,
      query,
      meters: await requireSeriesMeters(client, scope, query.meters),
    }));
  }

  /** @throws AppError tooManyRequests; otherwise returns how to leave. */
  private enter(organisationId: number): () => void {
    const own = this.running.get(organisationId) ?? 0;
    const all = [...this.running.values()].reduce((a, b) => a + b, 0);
    if (own >= atOnce.organisation || all >= atOnce.all)
      throw new AppError('tooManyRequests', 'Other exports are under way: try again when one has ended', {
        retryAfter_s: 30,
      });
    this.running.set(organisationId, own + 1);
    return () => {
      const left = (this.running.get(organisationId) ?? 1) - 1;
      if (left > 0) this.running.set(organisationId, left);
      else this.running.delete(organisationId);
    };
  }

  private async countBeginning(organisationId: number): Promise<void> {
    const { allowed, retryAfter_s } = await this.resources.rateLimits.count(
      `export:${organisationId}`,
      beginnings,
    );
    if (!allowed)
      throw new AppError('tooManyRequests', `Too many exports; try again in ${retryAfter_s} s`, {
        retryAfter_s,
      });
  }

  private record(caller: Caller, kind: string, { range, query }: Export): Promise<void> {
    return this.resources.database.withOrganisation(caller.scope.organisationId, (tx) =>
      recordEvent(tx, caller.scope, {
        actor: caller.name,
        action: 'export.create',
        object: kind,
        after: {
          meters: query.meters,
          from: range.from.toISOString(),
          to: range.to.toISOString(),
          format: query.format,
        },
      }),
    );
  }

  /** What is named, else everything the meters have ever said. */
  private readingColumns({ scope, meters, query }: Export): Promise<readonly Measurand[]> {
    if (query.measurands) return Promise.resolve(query.measurands.map(requireMeasurand));
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      const latest = await readLatest(
        client,
        scope,
        meters.map((m) => m.id),
      );
      const names = new Set(latest.flatMap((row) => Object.keys(latestValues(row))));
      const found = measurands.filter((m) => names.has(m.name));
      return found.length > 0 ? found : standardMeasurands;
    });
  }

  private async eachSlice(
    { scope, meters, range, query }: Export,
    { longest_days, columns }: { readonly longest_days: number; readonly columns: readonly Measurand[] },
    rows: RowWriter,
  ): Promise<void> {
    await rows.begin();
    for (const meter of meters) {
      const format: CsvFormat = {
        separator: separators[query.separator],
        decimal: query.decimal === 'comma' ? ',' : '.',
        timeZone: query.timeZone ?? meter.timeZone,
      };
      for (const slice of slices(range, longest_days))
        await this.resources.database.streamOrganisation(scope.organisationId, sliceLimit_s, (client) =>
          rows.add(client, { meter, measurands: columns, ...slice }, { scope, format }),
        );
    }
    await rows.end();
  }
}

/** One kind of rows in one format. */
interface RowWriter {
  readonly begin: () => Promise<void>;
  readonly add: (
    client: PoolClient,
    slice: ExportSlice,
    how: { readonly scope: Scope; readonly format: CsvFormat },
  ) => Promise<void>;
  readonly end: () => Promise<void>;
}

const nothing = (): Promise<void> => Promise.resolve();

function csv(
  file: FileResponse,
  query: Query,
  head: readonly string[],
  lines: (client: PoolClient, slice: ExportSlice, format: CsvFormat) => Promise<AsyncIterable<Buffer>>,
): RowWriter {
  return {
    begin: () => file.write(`${bom(query)}${csvLine(head, { separator: separators[query.separator] })}`),
    add: async (client, slice, { format }) => {
      for await (const piece of await lines(client, slice, format)) await file.write(piece);
    },
    end: nothing,
  };
}

const namesOf = (names: readonly string[], codes: ArrayLike<number>): (string | null)[] =>
  Array.from(codes, (code) => names[code] ?? null);

function readingsParquet(file: FileResponse, columns: readonly Measurand[]): RowWriter {
  const parquet = startParquet(file, [
    { name: 'meter_id', type: 'INT32', unit: null },
    { name: 'meter', type: 'STRING', unit: null },
    { name: 'at', type: 'TIMESTAMP', unit: null },
    { name: 'quality', type: 'STRING', unit: null },
    { name: 'received_at', type: 'TIMESTAMP', unit: null },
    { name: 'skew_ms', type: 'INT32', unit: 'ms' },
    ...columns.map(
      (m): ParquetColumn => ({
        name: m.name,
        type: m.kind === 'counter' ? 'INT64' : 'DOUBLE',
        unit: m.unit,
      }),
    ),
  ]);
  return {
    begin: nothing,
    add: async (client, slice, { scope }) => {
      const { meter } = slice;
      for await (const { count, columns: rows } of readingBlocks(client, scope, slice)) {
        const [at, quality = [], received, skew, ...values] = rows;
        await parquet.add(count, [
          meter.id,
          meter.name,
          at ?? [],
          namesOf(readingQualities, quality),
          received ?? [],
          skew ?? [],
          ...values,
        ]);
      }
    },
    end: parquet.end,
  };
}

function intervalsParquet(file: FileResponse, tier: IntervalsExportQuery['resolution']): RowWriter {
  const isBase = tier === 'base';
  const parquet = startParquet(file, [
    { name: 'meter_id', type: 'INT32', unit: null },
    { name: 'meter', type: 'STRING', unit: null },
    { name: 'measurand', type: 'STRING', unit: null },
    { name: 'unit', type: 'STRING', unit: null },
    { name: 'start', type: 'TIMESTAMP', unit: null },
    { name: 'duration_s', type: 'INT32', unit: 's' },
    { name: 'delta', type: 'INT64', unit: null },
    { name: 'mean', type: 'DOUBLE', unit: null },
    { name: 'min', type: 'DOUBLE', unit: null },
    { name: 'max', type: 'DOUBLE', unit: null },
    ...(isBase
      ? [{ name: 'quality', type: 'STRING' as const, unit: null }]
      : countColumns.map((name): ParquetColumn => ({ name, type: 'INT32', unit: null }))),
  ]);
  return {
    begin: nothing,
    add: async (client, slice, { scope }) => {
      const { meter } = slice;
      for await (const { count, columns: rows } of intervalBlocks(client, scope, { ...slice, tier })) {
        const [measurand = [], ...values] = rows;
        const own = Array.from(measurand, (id) => findMeasurandById(id));
        const classes = values.slice(6);
        await parquet.add(count, [
          meter.id,
          meter.name,
          own.map((m) => m?.name ?? null),
          own.map((m) => m?.unit ?? null),
          ...values.slice(0, 6),
          ...(isBase ? [namesOf(intervalQualities, classes[0] ?? [])] : classes),
        ]);
      }
    },
    end: parquet.end,
  };
}

/** Kept measurands of the meters that are named, or all of them. */
function intervalColumns({ meters, query }: Export): readonly Measurand[] {
  if (query.measurands) return query.measurands.map(requireMeasurand);
  const kept = meters.flatMap((meter) => [
    ...intervalMeasurands(meter),
    ...(meter.measurand === null ? [] : [findMeasurand(meter.measurand)]),
  ]);
  const ids = new Set(kept.flatMap((m) => m?.id ?? []));
  const found = measurands.filter((m) => ids.has(m.id));
  return found.length > 0 ? found : standardMeasurands;
}

function* slices({ from, to }: Range, longest_days: number): Generator<Range> {
  for (let at_ms = from.getTime(); at_ms < to.getTime(); at_ms += longest_days * day_ms)
    yield { from: new Date(at_ms), to: new Date(Math.min(to.getTime(), at_ms + longest_days * day_ms)) };
}

const bom = ({ separator }: Query): string => (separator === 'semicolon' ? byteOrderMark : '');

const fileName = (kind: string, { from, to, format }: Query): string =>
  `wattproof-${kind}-${from.slice(0, 10)}-${to.slice(0, 10)}.${format}`;
