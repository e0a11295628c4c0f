import { Injectable } from '@nestjs/common';
import type {
  createWeatherStation,
  SiteDegreeDays,
  WeatherImport,
  WeatherStation,
} from '@wattproof/contracts/api';
import { decodeText, readWeatherHours } from '@wattproof/database';
import {
  addWeatherStation,
  countOtherHours,
  findWeatherStation,
  listVariables,
  listWeatherStations,
  recordEventBy,
  type Scope,
  sitePositions,
  storeWeatherHours,
  type VariableRow,
  type WeatherStationRow,
} from '@wattproof/database/queries';
import {
  caltrackSufficiency,
  type DegreeDayConvention,
  dayTemperatures,
  degreeDay,
  degreeDayConventions,
  distance_km,
  type Finding,
  filledHours,
  finding,
  type LocalDate,
  localMidnight_ms,
  readWeatherFile,
  type WeatherFileFormat,
  weatherDaySettings,
} from '@wattproof/energy';
import { AppError } from '@wattproof/runtime';
import type { PoolClient } from 'pg';
import type { z } from 'zod';
import type { Caller } from '../access/caller.ts';
import { findingsView } from '../enpi/enb-view.ts';
import { localRange } from '../http/range.ts';
import { Resources } from '../resources.ts';
import { requireSite } from '../site/site.service.ts';
import { daysOf } from '../variable/variable.service.ts';

type Positions = Awaited<ReturnType<typeof sitePositions>>;
const shownErrors = 200;
/** A leap year of hours, twice. */
const greatestRows = 17_600;
const longest_days = 800;

@Injectable()
export class WeatherService {
  constructor(private readonly resources: Resources) {}

  list(scope: Scope): Promise<WeatherStation[]> {
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      const positions = await sitePositions(client, scope);
      return (await listWeatherStations(client, scope)).map((row) => stationView(row, positions));
    });
  }

  create(caller: Caller, wish: z.output<typeof createWeatherStation>): Promise<WeatherStation> {
    const { scope } = caller;
    return this.resources.database.writeOrganisation(scope.organisationId, async (client) => {
      const id = await addWeatherStation(client, scope, wish, caller.name);
      await recordEventBy(client, scope, {
        actor: caller.name,
        action: 'weatherStation.create',
        object: `weatherStation ${id}`,
        after: { ...wish },
      });
      return stationView(await requireStation(client, scope, id), await sitePositions(client, scope));
    });
  }

  import(
    caller: Caller,
    stationId: string,
    wish: {
      readonly format: WeatherFileFormat;
      readonly dryRun: boolean;
      readonly fileName: string;
      readonly content: unknown;
    },
  ): Promise<WeatherImport> {
    const { scope } = caller;
    const { content, format, dryRun, fileName } = wish;
    if (!Buffer.isBuffer(content) || content.length === 0)
      throw new AppError('invalid', 'The body must be the file with the content type text/csv');
    const file = readWeatherFile(decodeText(content), format);
    if (file.rows > greatestRows)
      throw new AppError('tooLarge', `The file has more than ${greatestRows} rows; send it year by year`);
    return this.resources.database.writeOrganisation(scope.organisationId, async (client) => {
      await requireStation(client, scope, stationId);
      const isTaken = file.errors.length === 0 && file.hours.length > 0;
      const replaced = isTaken ? await countOtherHours(client, scope, stationId, file.hours) : 0;
      if (isTaken && !dryRun) {
        await storeWeatherHours(client, scope, stationId, { hours: file.hours, source: fileName });
        await recordEventBy(client, scope, {
          actor: caller.name,
          action: 'weatherStation.import',
          object: `weatherStation ${stationId}`,
          after: { fileName, format, rows: file.rows, replaced },
        });
      }
      const { interpolated, missing } = filledHours(file.hours);
      const iso = (at_ms: number | undefined): string | null =>
        at_ms === undefined ? null : new Date(at_ms).toISOString();
      return {
        dryRun,
        fileName,
        format,
        rows: file.rows,
        accepted: isTaken ? file.hours.length : 0,
        replaced,
        from: iso(file.hours[0]?.at_ms),
        to: iso(file.hours.at(-1)?.at_ms),
        fillable: interpolated,
        missing,
        errors: file.errors.slice(0, shownErrors).map((error) => ({ ...error })),
        findings: findingsView(
          missing > 0
            ? [
                finding('weatherGaps', 'Gaps longer than six hours stay missing', {
                  hours: missing,
                  greatestGap_h: weatherDaySettings.greatestGap_h,
                }),
              ]
            : [],
        ),
      };
    });
  }

  degreeDays(
    scope: Scope,
    siteId: string,
    wish: {
      readonly from: LocalDate;
      readonly to: LocalDate;
      readonly convention: string;
      readonly variableId?: string | undefined;
    },
  ): Promise<SiteDegreeDays> {
    const convention = degreeDayConventions.find(({ id }) => id === wish.convention);
    if (!convention)
      throw new AppError(
        'invalid',
        `convention: known are ${degreeDayConventions.map(({ id }) => id).join(', ')}`,
      );
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      const site = await requireSite(client, scope, siteId);
      localRange(wish, { timeZone: site.timeZone, longest_days });
      const variables = (await listVariables(client, scope, { siteId })).filter(
        ({ quantity }) => quantity === 'temperature',
      );
      // A station knows each day's extremes, and how far away it is.
      const variable = wish.variableId
        ? variables.find(({ id }) => id === wish.variableId)
        : (variables.find(({ source }) => source === 'station') ?? variables[0]);
      if (wish.variableId && !variable)
        throw new AppError('notFound', `The site has no outdoor temperature ${wish.variableId}`);
      return degreeDaysView(client, scope, {
        ...wish,
        siteId,
        timeZone: site.timeZone,
        variable,
        convention,
      });
    });
  }
}

async function requireStation(
  client: PoolClient,
  scope: Scope,
  stationId: string,
): Promise<WeatherStationRow> {
  const station = await findWeatherStation(client, scope, stationId);
  if (!station) throw new AppError('notFound', `There is no weather station ${stationId}`);
  return station;
}

const farFindings = (kilometres: number): readonly Finding[] =>
  kilometres > caltrackSufficiency.greatestStation_km
    ? [
        finding('stationFar', 'The weather station is far away', {
          distance_km: kilometres,
          greatest_km: caltrackSufficiency.greatestStation_km,
        }),
      ]
    : [];

function stationView(
  { knownFrom, knownTo, ...row }: WeatherStationRow,
  positions: Positions,
): WeatherStation {
  return {
    ...row,
    knownFrom: knownFrom?.toISOString() ?? null,
    knownTo: knownTo?.toISOString() ?? null,
    sites: positions.map((site) => {
      const kilometres = distance_km(row, site);
      return {
        siteId: site.siteId,
        siteName: site.siteName,
        distance_km: kilometres,
        findings: findingsView(farFindings(kilometres)),
      };
    }),
  };
}

const conventionView = ({
  limitCounts: _,
  ...convention
}: DegreeDayConvention): SiteDegreeDays['convention'] => convention;

interface DegreeDayQuery {
  readonly siteId: string;
  readonly timeZone: string;
  readonly variable: VariableRow | undefined;
  readonly convention: DegreeDayConvention;
  readonly from: LocalDate;
  readonly to: LocalDate;
}

async function degreeDaysView(
  client: PoolClient,
  scope: Scope,
  query: DegreeDayQuery,
): Promise<SiteDegreeDays> {
  const { variable, convention } = query;
  const findings: Finding[] = [];
  const station = variable?.stationId
    ? await findWeatherStation(client, scope, variable.stationId)
    : undefined;
  const position = (await sitePositions(client, scope)).find(({ siteId }) => siteId === query.siteId);
  const kilometres = station && position ? distance_km(station, position) : null;
  if (kilometres !== null) findings.push(...farFindings(kilometres));
  if (!variable)
    findings.push(
      finding('noTemperature', 'No outdoor temperature is known, so that no degree days were tried'),
    );
  const days = variable ? await temperaturesOf(client, variable, query) : new Map<LocalDate, DayOf>();
  if (variable && convention.dayTemperature === 'minMax' && variable.source !== 'station')
    findings.push(
      finding(
        'dayExtremesUnknown',
        'The convention needs the lowest and the highest temperature of each day',
        {
          convention: convention.id,
        },
      ),
    );
  if (convention.verification !== 'verified')
    findings.push(
      finding('conventionNotVerified', 'The convention was not checked against its source', {
        id: convention.id,
        verification: convention.verification,
      }),
    );
  const known = (value: number): number | null => (Number.isFinite(value) ? value : null);
  const list = [...days].map(([date, day]) => ({
    date,
    mean_c: known(day.mean_c),
    degreeDays: known(degreeDay(convention, day)),
  }));
  return {
    siteId: query.siteId,
    timeZone: query.timeZone,
    convention: conventionView(convention),
    conventions: degreeDayConventions.map(conventionView),
    source: variable ? { variableId: variable.id, name: variable.name, distance_km: kilometres } : null,
    days: list,
    months: [...Map.groupBy(list, ({ date }) => date.slice(0, 7))].map(([month, of]) => {
      const sums = of.flatMap(({ degreeDays }) => (degreeDays === null ? [] : [degreeDays]));
      return {
        month,
        // A sum that lacks a day is no sum of the month.
        degreeDays: sums.length === of.length ? sums.reduce((a, b) => a + b, 0) : null,
        knownDays: sums.length,
        days: of.length,
      };
    }),
    findings: findingsView(findings),
  };
}

interface DayOf {
  readonly mean_c: number;
  readonly min_c: number;
  readonly max_c: number;
}

async function temperaturesOf(
  client: PoolClient,
  variable: VariableRow,
  { timeZone, from, to }: DegreeDayQuery,
): Promise<ReadonlyMap<LocalDate, DayOf>> {
  if (variable.source === 'station') {
    const range = { from_ms: localMidnight_ms(timeZone, from), to_ms: localMidnight_ms(timeZone, to) };
    return dayTemperatures(
      timeZone,
      { from, to },
      await readWeatherHours(client, variable.stationId as string, range),
    );
  }
  const means = await daysOf(client, variable, { from, to });
  return new Map(
    [...means].map(([date, mean_c]) => [date, { mean_c, min_c: Number.NaN, max_c: Number.NaN }]),
  );
}
