import { Injectable } from '@nestjs/common';
import type {
  CreateVariable,
  FileImport,
  RelevantVariable,
  RelevantVariables,
  VariableValues,
} from '@wattproof/contracts/api';
import { readDailyData } from '@wattproof/database';
import {
  addVariable,
  findWeatherStation,
  listMeters,
  listVariables,
  listVariableValues,
  type NewVariable,
  recordEventBy,
  recordVariableValues,
  type Scope,
  type VariableRow,
} from '@wattproof/database/queries';
import { addDays, findMeasurand, type LocalDate, localDate } from '@wattproof/energy';
import { AppError } from '@wattproof/runtime';
import type { PoolClient } from 'pg';
import type { Caller } from '../access/caller.ts';
import { localRange } from '../http/range.ts';
import { Resources } from '../resources.ts';
import { requireSite } from '../site/site.service.ts';
import { readValueFile, valueFileLimits } from './value-file.ts';

/** Two years are looked through for gaps. */
const looked_days = 730;
const shownGaps = 50;
const longest_days = 3_700;

@Injectable()
export class VariableService {
  constructor(private readonly resources: Resources) {}

  list(scope: Scope, siteId: string): Promise<RelevantVariables> {
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      await requireSite(client, scope, siteId);
      const rows = await listVariables(client, scope, { siteId });
      return { siteId, variables: await Promise.all(rows.map((row) => variableView(client, row))) };
    });
  }

  async create(caller: Caller, siteId: string, wish: CreateVariable): Promise<RelevantVariable> {
    const { scope } = caller;
    const id = await this.resources.database.writeOrganisation(scope.organisationId, async (client) => {
      await requireSite(client, scope, siteId);
      const variable = await newVariable(client, scope, siteId, wish);
      const added = await addVariable(client, scope, siteId, variable);
      if (added === null)
        throw new AppError('conflict', `The site has a variable ${wish.key} already`, { key: wish.key });
      await recordEventBy(client, scope, {
        actor: caller.name,
        action: 'relevantVariable.create',
        object: `site ${siteId}`,
        after: { ...wish },
      });
      return added;
    });
    return this.resources.database.readOrganisation(scope.organisationId, async (client) =>
      variableView(client, await requireVariable(client, scope, id)),
    );
  }

  values(
    scope: Scope,
    variableId: string,
    dates: { readonly from: LocalDate; readonly to: LocalDate },
  ): Promise<VariableValues> {
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      const variable = await requireVariable(client, scope, variableId);
      localRange(dates, { timeZone: variable.timeZone, longest_days });
      const { unit, granularity } = variable;
      if (variable.source === 'series') {
        const rows = await listVariableValues(client, scope, variableId, dates);
        return {
          variableId,
          unit,
          granularity,
          values: rows.map((row) => ({ ...row, recordedAt: row.recordedAt.toISOString() })),
          findings: [],
        };
      }
      const days = await daysOf(client, variable, dates);
      const at = new Date().toISOString();
      const source = variable.source === 'meter' ? `meter ${variable.meterId}` : 'weather station';
      return {
        variableId,
        unit,
        granularity,
        values: [...days]
          .filter(([, value]) => Number.isFinite(value))
          .map(([date, value]) => ({ date, value, source, recordedBy: '', recordedAt: at })),
        findings: [],
      };
    });
  }

  async record(
    caller: Caller,
    variableId: string,
    wish: {
      readonly values: readonly { readonly date: LocalDate; readonly value: number }[];
      readonly source: string;
    },
  ): Promise<VariableValues> {
    const { scope } = caller;
    const dates = wish.values.map(({ date }) => date).sort();
    await this.resources.database.writeOrganisation(scope.organisationId, async (client) => {
      const variable = await requireSeries(client, scope, variableId);
      const values = wish.values.map(({ date, value }) => ({ date: dayOfRecord(variable, date), value }));
      if (new Set(values.map(({ date }) => date)).size < values.length)
        throw new AppError('invalid', 'Each date once', { dates });
      await recordVariableValues(client, scope, variableId, {
        values,
        sourceOf: () => wish.source,
        by: caller.name,
      });
      await recordEventBy(client, scope, {
        actor: caller.name,
        action: 'relevantVariable.record',
        object: `variable ${variableId}`,
        after: { count: values.length, source: wish.source, from: dates[0], to: dates.at(-1) },
      });
    });
    const from = dates[0] as LocalDate;
    return this.values(scope, variableId, {
      from: `${from.slice(0, 7)}-01`,
      to: addDays(dates.at(-1) as LocalDate, 1),
    });
  }

  import(
    caller: Caller,
    variableId: string,
    wish: { readonly dryRun: boolean; readonly fileName: string; readonly content: unknown },
  ): Promise<FileImport> {
    const { scope } = caller;
    const { content, fileName, dryRun } = wish;
    if (!Buffer.isBuffer(content) || content.length === 0)
      throw new AppError(
        'invalid',
        'The body must be a table with the content type text/csv or of a workbook',
      );
    return this.resources.database.writeOrganisation(scope.organisationId, async (client) => {
      const variable = await requireSeries(client, scope, variableId);
      const file = readValueFile(content, variable.granularity);
      const today = localDate(variable.timeZone, Date.now());
      const errors = [
        ...file.errors,
        ...file.lines
          .filter(({ date }) => date > today)
          .map(({ row, date }) => ({
            row,
            column: 'date',
            code: 'dateInFuture',
            message: `${date} is yet to come`,
          })),
      ].sort((a, b) => a.row - b.row);
      const dates = file.lines.map(({ date }) => date).sort();
      const isTaken = errors.length === 0 && file.lines.length > 0;
      const known = new Map(
        dates.length === 0
          ? []
          : (
              await listVariableValues(client, scope, variableId, {
                from: dates[0] as LocalDate,
                to: addDays(dates.at(-1) as LocalDate, 1),
              })
            ).map((row) => [row.date, row.value]),
      );
      const replaced = file.lines.filter(
        ({ date, value }) => known.has(date) && known.get(date) !== value,
      ).length;
      if (isTaken && !dryRun) {
        await recordVariableValues(client, scope, variableId, {
          values: file.lines,
          sourceOf: (i) => `${fileName}, row ${file.lines[i]?.row}`,
          by: caller.name,
        });
        await recordEventBy(client, scope, {
          actor: caller.name,
          action: 'relevantVariable.import',
          object: `variable ${variableId}`,
          after: { fileName, rows: file.rows, replaced },
        });
      }
      return {
        dryRun,
        fileName,
        rows: file.rows,
        accepted: isTaken ? file.lines.length : 0,
        replaced: isTaken ? replaced : 0,
        from: dates[0] ?? null,
        to: dates.at(-1) ?? null,
        errors: errors.slice(0, valueFileLimits.errors),
        findings: [],
      };
    });
  }
}

export async function requireVariable(
  client: PoolClient,
  scope: Scope,
  variableId: string,
): Promise<VariableRow> {
  const [variable] = await listVariables(client, scope, { ids: [variableId] });
  if (!variable) throw new AppError('notFound', `There is no relevant variable ${variableId}`);
  return variable;
}

async function requireSeries(client: PoolClient, scope: Scope, variableId: string): Promise<VariableRow> {
  const variable = await requireVariable(client, scope, variableId);
  if (variable.source !== 'series')
    throw new AppError(
      'conflict',
      `${variable.name} comes from a ${variable.source}; values are not typed in`,
    );
  return variable;
}

/** Values of months are kept at their first day. */
const dayOfRecord = ({ granularity }: VariableRow, date: LocalDate): LocalDate =>
  granularity === 'month' ? `${date.slice(0, 7)}-01` : date;

async function newVariable(
  client: PoolClient,
  scope: Scope,
  siteId: string,
  wish: CreateVariable,
): Promise<NewVariable> {
  const { key, name } = wish;
  const none = { meterId: null, measurand: null, stationId: null };
  if (['hdd', 'cdd', 'temperature', 'intercept', 'slope'].includes(key))
    throw new AppError('invalid', `${key} is a name of the models themselves`, { key });
  if (wish.source === 'series') {
    const { unit, quantity, combine, granularity } = wish;
    return { key, name, unit, source: 'series', quantity, combine, granularity, ...none };
  }
  if (wish.source === 'station') {
    if (!(await findWeatherStation(client, scope, wish.stationId)))
      throw new AppError('notFound', `There is no weather station ${wish.stationId}`);
    return {
      ...none,
      key,
      name,
      unit: '°C',
      source: 'station',
      quantity: 'temperature',
      combine: 'mean',
      granularity: 'day',
      stationId: wish.stationId,
    };
  }
  const [meter] = await listMeters(client, scope, { siteId, meterIds: [wish.meterId] });
  if (!meter) throw new AppError('notFound', `The site has no meter ${wish.meterId}`);
  const measurand = findMeasurand(wish.measurand);
  if (!measurand) throw new AppError('invalid', `There is no measurand ${wish.measurand}`);
  return {
    ...none,
    key,
    name,
    unit: measurand.unit,
    source: 'meter',
    quantity: measurand.name === 'outdoor_temperature_c' ? 'temperature' : 'amount',
    combine: measurand.kind === 'counter' ? 'sum' : 'mean',
    granularity: 'day',
    meterId: wish.meterId,
    measurand: wish.measurand,
  };
}

/** Days of a variable as models see them; NaN where unknown. */
export async function daysOf(
  client: PoolClient,
  variable: VariableRow,
  { from, to }: { readonly from: LocalDate; readonly to: LocalDate },
): Promise<ReadonlyMap<LocalDate, number>> {
  const data = await readDailyData(client, {
    table: 'public.interval_day',
    timeZone: variable.timeZone,
    base_s: variable.base_s,
    meterIds: [],
    measurand: 'active_energy_import_wh',
    variables: [variable],
    from,
    to,
  });
  const values = variable.quantity === 'temperature' ? data.temperature_c : data.variables.get(variable.key);
  return new Map(data.dates.map((date, i) => [date, values?.[i] ?? Number.NaN]));
}

async function variableView(client: PoolClient, row: VariableRow): Promise<RelevantVariable> {
  const to = addDays(localDate(row.timeZone, Date.now()), 1);
  const days = await daysOf(client, row, { from: addDays(to, -looked_days), to });
  const known = [...days].filter(([, value]) => Number.isFinite(value)).map(([date]) => date);
  const gaps: { from: LocalDate; to: LocalDate }[] = [];
  for (let i = 1; i < known.length && gaps.length < shownGaps; i++) {
    const next = addDays(known[i - 1] as LocalDate, 1);
    if (next !== known[i]) gaps.push({ from: next, to: known[i] as LocalDate });
  }
  const { timeZone: _zone, base_s: _base, ...variable } = row;
  return {
    ...variable,
    knownFrom: known[0] ?? null,
    knownTo: known.at(-1) ?? null,
    known: known.length,
    gaps,
  };
}
