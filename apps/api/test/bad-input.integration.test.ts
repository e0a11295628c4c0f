import { addDays, locales, localMidnight_ms, measurandOf } from '@wattproof/energy';
import { portalCatalogue } from '@wattproof/messages';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Caller, startApi, type TestApi } from './fixture.ts';

const zone = 'Europe/Paris';
const first = '2025-01-01';
const baseline = { from: first, to: '2026-01-01' };
const reporting = { from: '2026-01-01', to: '2026-03-01' };
const dayCount = 424;
const energy = 'active_energy_import_wh';

let api: TestApi;
let manager: Caller;
let siteId: string;

const tonnesOf = (day: number): number => (day % 7 < 5 ? 30 + ((day * 7919) % 17) : 2);
const energyOf = (day: number): number =>
  Math.round((2_000_000 + 50_000 * tonnesOf(day)) * (1 + (((day * 15_485_863) % 1000) / 1000 - 0.5) * 0.06));

/** Days of a meter; null: the day is missing. */
async function storeDays(
  meterId: number,
  valueOn: (day: number) => number | null,
  measurand: typeof energy | 'volume_l' = energy,
): Promise<void> {
  const known = Array.from({ length: dayCount }, (_, day) => ({ day, value: valueOn(day) })).filter(
    ({ value }) => value !== null,
  );
  const startOf = (day: number): number => localMidnight_ms(zone, addDays(first, day));
  await api.admin.query(
    `INSERT INTO store.interval_day (start, meter_id, organisation_id, measurand, duration_s, delta,
       n_measured, n_interpolated, n_estimated, n_manual, n_missing)
     SELECT w.start, $1, $2, $3, w.duration, w.delta, w.duration / 900, 0, 0, 0, 0
     FROM unnest($4::timestamptz[], $5::int[], $6::bigint[]) AS w (start, duration, delta)`,
    [
      meterId,
      api.first.id,
      measurandOf(measurand).id,
      known.map(({ day }) => new Date(startOf(day))),
      known.map(({ day }) => (startOf(day + 1) - startOf(day)) / 1000),
      known.map(({ value }) => value),
    ],
  );
}

async function meterOf(name: string, carrier: string, measurand: string, kind = 'physical'): Promise<number> {
  const { rows } = await api.admin.query(
    `INSERT INTO meter (organisation_id, site_id, name, kind, role, carrier, measurand, energy_use, reading_period_s)
     VALUES ($1, $2, $3, $4, 'use', $5, $6, 'process', 900) RETURNING id`,
    [api.first.id, siteId, name, kind, carrier, measurand],
  );
  return rows[0].id;
}

const meters: Record<'good' | 'short' | 'zero' | 'negative' | 'gas' | 'circle' | 'circleB', number> = {
  good: 0,
  short: 0,
  zero: 0,
  negative: 0,
  gas: 0,
  circle: 0,
  circleB: 0,
};
const variables: Record<'tonnes' | 'pallets' | 'constant' | 'empty' | 'outdoor', string> = {
  tonnes: '',
  pallets: '',
  constant: '',
  empty: '',
  outdoor: '',
};

beforeAll(async () => {
  api = await startApi();
  manager = await api.as(api.first, 'energyManager');
  ({ siteId } = api.first);
  meters.good = await meterOf('Line 1', 'electricity', energy);
  await storeDays(meters.good, energyOf);
  meters.short = await meterOf('Line 2', 'electricity', energy);
  await storeDays(meters.short, (day) => (day % 20 === 0 ? energyOf(day) : null));
  meters.zero = await meterOf('Line 3', 'electricity', energy);
  await storeDays(meters.zero, (day) => (day % 50 === 3 ? 0 : energyOf(day)));
  meters.negative = await meterOf('Line 4', 'electricity', energy);
  await storeDays(meters.negative, (day) => (day % 50 === 3 ? -5_000 : energyOf(day)));
  meters.gas = await meterOf('Boiler', 'gas', 'volume_l');
  await storeDays(meters.gas, (day) => 1000 + day, 'volume_l');
  meters.circle = await meterOf('Sum A', 'electricity', energy, 'virtual');
  meters.circleB = await meterOf('Sum B', 'electricity', energy, 'virtual');
  // The API refuses such a pair; a definition that came otherwise must be told all the same.
  for (const [sum, term] of [
    [meters.circle, meters.circleB],
    [meters.circleB, meters.circle],
  ])
    await api.admin.query(
      `INSERT INTO virtual_term (organisation_id, meter_id, source_meter_id, source_measurand, sign)
       VALUES ($1, $2, $3, $4, 1)`,
      [api.first.id, sum, term, energy],
    );
  const series = async (key: string, valueOn: (day: number) => string | null, quantity = 'amount') => {
    const made = await manager(`POST /sites/${siteId}/variables`, {
      source: 'series',
      key,
      name: key,
      unit: quantity === 'amount' ? 't' : '°C',
      quantity,
      ...(quantity === 'amount' ? {} : { combine: 'mean' }),
    });
    expect(made.status, made.text).toBe(201);
    const lines = Array.from({ length: dayCount }, (_, day) => [addDays(first, day), valueOn(day)]).filter(
      ([, value]) => value !== null,
    );
    if (lines.length > 0) {
      const sent = await manager(
        `POST /variables/${made.json.id}/imports?dryRun=false&fileName=${key}.csv`,
        Buffer.from(['date;value', ...lines.map((line) => line.join(';'))].join('\n')),
        { 'content-type': 'text/csv' },
      );
      expect(sent.json.errors, sent.text).toEqual([]);
    }
    return made.json.id as string;
  };
  variables.tonnes = await series('output', (day) => String(tonnesOf(day)));
  variables.pallets = await series('pallets', (day) => String(4 * tonnesOf(day)));
  variables.constant = await series('shifts', () => '3');
  variables.empty = await series('orders', () => null);
  // Weather of a tenth of the days: too little to be an outdoor temperature.
  variables.outdoor = await series(
    'outdoor',
    (day) => (day % 20 === 0 ? String(10 + (day % 7)) : null),
    'temperature',
  );
});
afterAll(() => api?.close());

interface BadInput {
  readonly name: string;
  readonly wish: () => object;
  /** Said of the data or of every candidate. */
  readonly found: string;
  /** none: no model at all; flagged: models stand, each with the finding beside it. */
  readonly models: 'none' | 'flagged';
}

const cases: readonly BadInput[] = [
  {
    name: 'too few days',
    wish: () => ({ meterIds: [meters.short] }),
    found: 'tooFewPoints',
    models: 'none',
  },
  {
    name: 'collinear variables',
    wish: () => ({ variableIds: [variables.tonnes, variables.pallets] }),
    found: 'collinear',
    models: 'flagged',
  },
  {
    name: 'a variable that never changes',
    wish: () => ({ variableIds: [variables.tonnes, variables.constant] }),
    found: 'constantVariable',
    models: 'flagged',
  },
  {
    name: 'a variable without a value',
    wish: () => ({ variableIds: [variables.empty] }),
    found: 'columnUnknown',
    models: 'none',
  },
  {
    name: 'zero consumption',
    wish: () => ({ meterIds: [meters.zero] }),
    found: 'zeroEnergy',
    models: 'flagged',
  },
  {
    name: 'negative consumption',
    wish: () => ({ meterIds: [meters.negative] }),
    found: 'negativeEnergy',
    models: 'flagged',
  },
  {
    name: 'missing weather',
    wish: () => ({ variableIds: [variables.tonnes, variables.outdoor] }),
    found: 'tooFewPoints',
    models: 'none',
  },
  {
    name: 'no hours of the weather',
    wish: () => ({ variableIds: [variables.tonnes], forms: ['timeOfWeek'] }),
    found: 'hoursUnknown',
    models: 'none',
  },
  {
    name: 'mixed units',
    wish: () => ({ meterIds: [meters.good, meters.gas] }),
    found: 'carrierMismatch',
    models: 'none',
  },
  {
    name: 'a momentary value',
    wish: () => ({ measurand: 'active_power_w' }),
    found: 'measurandNotCounted',
    models: 'none',
  },
  {
    name: 'a circular virtual meter',
    wish: () => ({ meterIds: [meters.circle] }),
    found: 'virtualMeterCycle',
    models: 'none',
  },
  {
    name: 'a baseline that overlaps the reporting period',
    wish: () => ({ reporting: { from: '2025-12-01', to: '2026-02-01' }, forms: ['mean', 'linear'] }),
    found: 'baselineOverlap',
    models: 'flagged',
  },
];

describe('bad input gives a finding that people understand, never a number that looks right', () => {
  it.each(cases)('$name', async ({ wish, found, models }) => {
    const answer = await manager('POST /enb-candidates', {
      siteId,
      meterIds: [meters.good],
      measurand: energy,
      variableIds: [variables.tonnes],
      baseline,
      reporting,
      ...wish(),
    });
    expect(answer.status, answer.text).toBe(200);
    const codesOf = (list: readonly { readonly code: string }[]): string[] => list.map(({ code }) => code);
    const ofData = codesOf(answer.json.findings);
    const { candidates } = answer.json;
    if (models === 'none') {
      expect(candidates).toEqual([]);
      expect(ofData).toContain(found);
    } else {
      expect(candidates.length).toBeGreaterThan(0);
      for (const candidate of candidates)
        expect([...ofData, ...codesOf(candidate.refused), ...codesOf(candidate.warnings)]).toContain(found);
    }
    for (const locale of locales) {
      const text = (portalCatalogue[locale] as Readonly<Record<string, string>>)[`finding.${found}`];
      expect(text, `${locale}: ${found}`).toMatch(/\S+ \S+/);
    }
  });

  it('refuses an EnPI on it as well, and stores nothing', async () => {
    const definition = {
      siteId,
      name: 'Overlapping',
      meterIds: [meters.good],
      measurand: energy,
      variableIds: [variables.tonnes],
      baseline,
      reportingFrom: '2025-12-01',
    };
    const before = await manager('GET /enpis');
    for (const [change, code] of [
      [{}, 'baselineOverlap'],
      [{ reportingFrom: '2026-01-01', meterIds: [meters.good, meters.gas] }, 'carrierMismatch'],
      [{ reportingFrom: '2026-01-01', meterIds: [meters.circle] }, 'virtualMeterCycle'],
    ] as const) {
      const refused = await manager('POST /enpis', { ...definition, ...change });
      expect([refused.status, refused.json.details?.findings?.[0]?.code], refused.text).toEqual([422, code]);
    }
    expect((await manager('GET /enpis')).json.enpis).toHaveLength(before.json.enpis.length);
  });
});
