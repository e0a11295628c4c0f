import { createHash } from 'node:crypto';
import { addDays, localMidnight_ms, measurandOf } from '@wattproof/energy';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Caller, startApi, type TestApi } from './fixture.ts';

const zone = 'Europe/Paris';
const first = '2025-01-01';
const baseline = { from: first, to: '2026-01-01' };
const reporting = { from: '2026-01-01', to: '2026-03-01' };
const dayCount = 424;

let api: TestApi;
let manager: Caller;
let siteId: string;
let meterId: number;

/** Tonnes and mean temperature of a day: made up, the same in every run. */
const tonnesOf = (day: number): number => (day % 7 < 5 ? 30 + ((day * 7919) % 17) : 0);
const temperatureOf = (day: number): number =>
  11 - 9 * Math.cos((2 * Math.PI * (day - 15)) / 365) + ((day * 104_729) % 13) / 4 - 1.5;
const energyOf = (day: number): number =>
  Math.round(
    (2_000_000 + 50_000 * tonnesOf(day) + 80_000 * Math.max(15 - temperatureOf(day), 0)) *
      (1 + (((day * 15_485_863) % 1000) / 1000 - 0.5) * 0.08) *
      (day >= 365 ? 0.9 : 1),
  );

beforeAll(async () => {
  api = await startApi();
  manager = await api.as(api.first, 'energyManager');
  ({ siteId, otherMeterId: meterId } = api.first);
  siteId = (await api.admin.query('SELECT site_id FROM meter WHERE id = $1', [meterId])).rows[0].site_id;
  await api.admin.query(
    `UPDATE meter SET carrier = 'electricity', measurand = 'active_energy_import_wh', kind = 'physical' WHERE id = $1`,
    [meterId],
  );
  await api.admin.query('UPDATE site SET latitude = 48.11, longitude = -1.68 WHERE id = $1', [siteId]);
  const days = Array.from({ length: dayCount }, (_, i) => addDays(first, i));
  await api.admin.query(
    `INSERT INTO store.interval_day (start, meter_id, organisation_id, measurand, duration_s, delta,
       n_measured, n_interpolated, n_estimated, n_manual, n_missing)
     SELECT w.start, $1, $2, $3, w.duration, w.delta, w.duration / 900, 0, 0, 0, 0
     FROM unnest($4::timestamptz[], $5::int[], $6::bigint[]) AS w (start, duration, delta)`,
    [
      meterId,
      api.first.id,
      measurandOf('active_energy_import_wh').id,
      days.map((date) => new Date(localMidnight_ms(zone, date))),
      days.map((date) => (localMidnight_ms(zone, addDays(date, 1)) - localMidnight_ms(zone, date)) / 1000),
      days.map((_, i) => energyOf(i)),
    ],
  );
  const hours = days.flatMap((date, i) => {
    const from_ms = localMidnight_ms(zone, date);
    const count = (localMidnight_ms(zone, addDays(date, 1)) - from_ms) / 3_600_000;
    // More by day than by night; the day's energy stays what it is.
    const weights = Array.from({ length: count }, (_, h) => (h >= 6 && h < 20 ? 2 : 1));
    const all = weights.reduce((sum, weight) => sum + weight, 0);
    return weights.map((weight, h) => ({
      start: new Date(from_ms + h * 3_600_000),
      delta: Math.round((energyOf(i) * weight) / all),
    }));
  });
  await api.admin.query(
    `INSERT INTO store.interval_hour (start, meter_id, organisation_id, measurand, duration_s, delta,
       n_measured, n_interpolated, n_estimated, n_manual, n_missing)
     SELECT w.start, $1, $2, $3, 3600, w.delta, 4, 0, 0, 0, 0
     FROM unnest($4::timestamptz[], $5::bigint[]) AS w (start, delta)`,
    [
      meterId,
      api.first.id,
      measurandOf('active_energy_import_wh').id,
      hours.map(({ start }) => start),
      hours.map(({ delta }) => delta),
    ],
  );
});
afterAll(() => api?.close());

const csv = { 'content-type': 'text/csv' };
const codes = (findings: readonly { readonly code: string }[]): string[] => findings.map(({ code }) => code);

describe('from a file to an approved baseline', () => {
  const ids: Record<'tonnes' | 'weather' | 'station' | 'enpi', string> = {
    tonnes: '',
    weather: '',
    station: '',
    enpi: '',
  };

  it('takes production from a table as a whole or not at all, and says which row is wrong', async () => {
    const made = await manager(`POST /sites/${siteId}/variables`, {
      source: 'series',
      key: 'tonnes',
      name: 'Production',
      unit: 't',
    });
    expect(made.status, made.text).toBe(201);
    ids.tonnes = made.json.id;
    const rows = Array.from({ length: dayCount }, (_, i) => `${addDays(first, i)};${tonnesOf(i)}`);
    const send = (lines: readonly string[], dryRun: boolean) =>
      manager(
        `POST /variables/${ids.tonnes}/imports?dryRun=${dryRun}&fileName=output.csv`,
        Buffer.from(['date;value', ...lines].join('\n')),
        csv,
      );
    const wrong = await send([...rows.slice(0, 3), '2025-02-30;7', '2025-01-01;9'], false);
    expect(wrong.json).toMatchObject({ accepted: 0 });
    expect(wrong.json.errors.map((e: { row: number; code: string }) => [e.row, e.code])).toEqual([
      [5, 'notADate'],
      [6, 'dateTwice'],
    ]);
    expect((await send(rows, true)).json).toMatchObject({ dryRun: true, accepted: dayCount, errors: [] });
    expect((await send(rows, false)).json).toMatchObject({ accepted: dayCount, replaced: 0 });
    expect((await send([`${first};99`], true)).json).toMatchObject({ replaced: 1 });
    const values = await manager(`GET /variables/${ids.tonnes}/values?from=2025-01-01&to=2025-01-03`);
    expect(values.json.values[0]).toMatchObject({
      date: first,
      value: tonnesOf(0),
      source: 'output.csv, row 2',
    });
  });

  it('takes hourly weather, states the distance, and counts degree days by a named convention', async () => {
    const station = await manager('POST /weather-stations', {
      name: 'Rennes-Saint-Jacques',
      code: '07130',
      provider: 'NOAA ISD',
      latitude: 48.07,
      longitude: -1.73,
    });
    expect(station.status, station.text).toBe(201);
    ids.station = station.json.id;
    expect(station.json.sites.find((s: { siteId: string }) => s.siteId === siteId).distance_km).toBeLessThan(
      10,
    );
    const lines: string[] = [];
    for (let hour = -2; hour < dayCount * 24; hour++) {
      const at = new Date(Date.UTC(2025, 0, 1, hour)).toISOString();
      const tenths = String(Math.round(temperatureOf(Math.floor((hour + 1) / 24)) * 10)).padStart(6);
      lines.push(`${at.slice(0, 4)} ${at.slice(5, 7)} ${at.slice(8, 10)} ${at.slice(11, 13)}${tenths} -9999`);
    }
    const sent = await manager(
      `POST /weather-stations/${ids.station}/imports?format=isdLite&dryRun=false&fileName=071300-99999-2025`,
      Buffer.from(lines.join('\n')),
      csv,
    );
    expect(sent.json, sent.text).toMatchObject({ errors: [], missing: 0, accepted: lines.length });
    const variable = await manager(`POST /sites/${siteId}/variables`, {
      source: 'station',
      key: 'outdoor',
      name: 'Outdoor temperature',
      stationId: ids.station,
    });
    ids.weather = variable.json.id;
    const degreeDays = await manager(
      `GET /sites/${siteId}/degree-days?from=2025-01-01&to=2025-02-01&convention=eurostatHeating&variableId=${ids.weather}`,
    );
    expect(degreeDays.json).toMatchObject({ convention: { id: 'eurostatHeating', base_c: 18 } });
    expect(degreeDays.json.months[0]).toMatchObject({ month: '2025-01', knownDays: 31 });
    expect(codes(degreeDays.json.findings)).toEqual(['conventionNotVerified']);
  });

  it('ranks models that explain the meter, with verdicts, statistics and plots', async () => {
    const wish = {
      siteId,
      meterIds: [meterId],
      measurand: 'active_energy_import_wh',
      variableIds: [ids.tonnes, ids.weather],
      baseline,
      reporting,
    };
    const found = await manager('POST /enb-candidates', wish);
    expect(found.status, found.text).toBe(200);
    const [best] = found.json.candidates;
    expect(best).toMatchObject({ id: 'linear:hdd+tonnes', rank: 1, deltaBic: 0, refused: [] });
    expect(best.terms.find((t: { variable: string }) => t.variable === 'tonnes')).toMatchObject({
      unit: 'Wh/t',
    });
    expect(best.verdicts.map((v: { passed: boolean }) => v.passed)).toEqual([true, true, true]);
    expect(best.fitted_wh).toHaveLength(found.json.rows.length);
    expect(best.signature.points.length).toBeGreaterThan(20);
    expect(best.savings_percent - best.savingsHalfWidth_percent).toBeGreaterThan(0);
    const monthly = await manager('POST /enb-candidates', {
      ...wish,
      granularity: 'month',
      forms: ['linear'],
    });
    expect(monthly.json.candidates[0].statistics.n).toBe(12);
    expect(monthly.json.rows[0]).toMatchObject({ date: first, days: 31, isFitted: true });
  });

  it('fits hours where they are asked for, ranks them on the same days, and keeps the fit', async () => {
    const wish = {
      siteId,
      meterIds: [meterId],
      measurand: 'active_energy_import_wh',
      variableIds: [ids.weather],
      baseline,
      reporting,
    };
    const found = await manager('POST /enb-candidates', { ...wish, hourly: true });
    expect(found.status, found.text).toBe(200);
    const hourly = found.json.candidates.find((c: { id: string }) => c.id === 'timeOfWeek:');
    expect(hourly).toMatchObject({ refused: [], terms: [], signature: null });
    expect(hourly.hourly.map((s: { month: number }) => s.month)).toHaveLength(12);
    expect(new Set(found.json.candidates.map((c: typeof hourly) => c.statistics.n))).toEqual(new Set([365]));
    // A saving of a tenth, with its band.
    expect(Math.abs(hourly.savings_percent - 10)).toBeLessThan(hourly.savingsHalfWidth_percent);
    const daily = await manager('POST /enb-candidates', wish);
    expect(daily.json.candidates.some((c: { id: string }) => c.id === 'timeOfWeek:')).toBe(false);
    const monthly = await manager('POST /enb-candidates', { ...wish, hourly: true, granularity: 'month' });
    expect(monthly.status).toBe(422);
    const enpi = await manager('POST /enpis', {
      siteId,
      name: 'Line 2 by hours',
      meterIds: [meterId],
      measurand: 'active_energy_import_wh',
      variableIds: [ids.weather],
      baseline,
      reportingFrom: '2026-01-01',
    });
    const choice = { form: 'timeOfWeek', variables: [] };
    const propose = () =>
      manager(`POST /enpis/${enpi.json.id}/enbs`, { choice, reason: 'Hours tell the shifts apart' });
    const [one, two] = [await propose(), await propose()];
    expect(one.status, one.text).toBe(201);
    expect(one.json).toMatchObject({ choice, hourly: hourly.hourly, statistics: hourly.statistics });
    const { rows } = await api.admin.query('SELECT model::text, input_sha256 FROM enb WHERE enpi_id = $1', [
      enpi.json.id,
    ]);
    expect(new Set(rows.map((r: { model: string }) => r.model)).size).toBe(1);
    expect(two.json.inputSha256).toBe(one.json.inputSha256);
    await api.admin.query('DELETE FROM enb WHERE enpi_id = $1', [enpi.json.id]);
  });

  it('says what is wrong instead of computing', async () => {
    const ask = async (change: object) => {
      const answer = await manager('POST /enb-candidates', {
        siteId,
        meterIds: [meterId],
        measurand: 'active_energy_import_wh',
        baseline,
        ...change,
      });
      return { ...answer, found: codes(answer.json.findings ?? []) };
    };
    expect((await ask({ baseline: { from: '2025-01-01', to: '2025-01-20' } })).found).toEqual([
      'tooFewPoints',
    ]);
    expect((await ask({ baseline: { from: '2023-01-01', to: '2024-01-01' } })).found).toEqual([
      'columnUnknown',
    ]);
    expect((await ask({ measurand: 'active_power_w' })).found).toEqual(['measurandNotCounted']);
    expect((await ask({ meterIds: [api.second.mainMeterId] })).status).toBe(404);
    const overlap = await ask({ reporting: { from: '2025-12-01', to: '2026-02-01' }, forms: ['mean'] });
    expect(codes(overlap.json.candidates[0].warnings)).toContain('baselineOverlap');
  });

  it('defines an EnPI, proposes a choice, and approves it; the fit is kept', async () => {
    const definition = {
      siteId,
      name: 'Line 2',
      meterIds: [meterId],
      measurand: 'active_energy_import_wh',
      variableIds: [ids.tonnes, ids.weather],
      baseline,
      reportingFrom: '2026-01-01',
    };
    const early = await manager('POST /enpis', { ...definition, reportingFrom: '2025-12-01' });
    expect([early.status, codes(early.json.details.findings)]).toEqual([422, ['baselineOverlap']]);
    const made = await manager('POST /enpis', definition);
    expect(made.status, made.text).toBe(201);
    ids.enpi = made.json.id;
    const choice = { form: 'linear', variables: ['tonnes', 'hdd'] };
    const proposed = await manager(`POST /enpis/${ids.enpi}/enbs`, { choice, reason: 'Best by every test' });
    expect(proposed.status, proposed.text).toBe(201);
    expect(proposed.json).toMatchObject({
      version: 1,
      state: 'proposed',
      proposedBy: 'The energyManager',
      choice,
    });
    const again = await manager(`POST /enpis/${ids.enpi}/enbs`, { choice, reason: 'The same once more' });
    expect(again.json.terms).toEqual(proposed.json.terms);
    const decide = (enbId: string, decision: string) =>
      manager(`POST /enpis/${ids.enpi}/enbs/${enbId}/decision`, {
        decision,
        reason: 'Looked at with the plant',
      });
    expect((await decide(proposed.json.id, 'approve')).json).toMatchObject({
      state: 'approved',
      isInForce: true,
    });
    expect((await decide(proposed.json.id, 'approve')).status).toBe(409);
    expect((await decide(again.json.id, 'approve')).json.state).toBe('approved');
    const register = await manager(`GET /enpis/${ids.enpi}/enbs`);
    expect(register.json.enbs.map((e: { state: string }) => e.state)).toEqual(['approved', 'retired']);
    await expect(
      api.admin.query(`UPDATE enb SET model = '{}' WHERE id = $1`, [again.json.id]),
    ).rejects.toThrow(/never edited/);
    const refused = await manager(`POST /enpis/${ids.enpi}/enbs`, {
      choice: { form: 'linear', variables: ['wind'] },
      reason: 'There is no such variable',
    });
    expect([refused.status, codes(refused.json.details.findings)]).toEqual([422, ['choiceNotPossible']]);
    const { rows } = await api.admin.query('SELECT action FROM audit_event WHERE object = $1 ORDER BY id', [
      `enpi ${ids.enpi}`,
    ]);
    expect(rows.map((r: { action: string }) => r.action)).toEqual([
      'enpi.create',
      'enb.propose',
      'enb.propose',
      'enb.approve',
      'enb.approve',
    ]);
  });

  it('raises a proposal when a static factor changes, and a version answers it', async () => {
    const factor = await manager(`POST /sites/${siteId}/static-factors`, {
      name: 'Shifts a day',
      value: '2',
      validFrom: '2024-01-01',
      source: 'Works agreement',
    });
    expect(factor.status, factor.text).toBe(201);
    const changed = await manager(`POST /static-factors/${factor.json.id}/values`, {
      value: '3',
      validFrom: '2026-02-01',
      source: 'Works agreement 2026',
      reason: 'Night shift on line 2',
    });
    expect(changed.json.values.map((v: { value: string }) => v.value)).toEqual(['2', '3']);
    const open = await manager(`GET /rebaseline-proposals?state=open&siteId=${siteId}`);
    const elsewhere = await manager(`GET /rebaseline-proposals?siteId=${api.first.siteId}`);
    expect(elsewhere.json.proposals).toEqual([]);
    const proposal = open.json.proposals.find((p: { enpiId: string }) => p.enpiId === ids.enpi);
    expect(proposal).toMatchObject({ trigger: 'staticFactorChanged', since: '2026-02-01' });
    const answer = await manager(`POST /enpis/${ids.enpi}/enbs`, {
      choice: { form: 'linear', variables: ['tonnes', 'hdd'] },
      baseline: { from: '2025-02-01', to: '2026-02-01' },
      reason: 'With the night shift',
      proposalId: proposal.id,
    });
    await manager(`POST /enpis/${ids.enpi}/enbs/${answer.json.id}/decision`, {
      decision: 'approve',
      reason: 'Agreed in the energy team',
    });
    const closed = await manager('GET /rebaseline-proposals?state=accepted');
    expect(closed.json.proposals).toMatchObject([{ id: proposal.id, enbId: answer.json.id }]);
    // The EnPI is defined on what was approved, and reports from its end.
    const { definition } = (await manager(`GET /enpis/${ids.enpi}/performance`)).json;
    expect(definition).toMatchObject({
      baseline: { from: '2025-02-01', to: '2026-02-01' },
      reportingFrom: '2026-02-01',
    });
  });

  it('shows what an adjustment does to every EnPI before it is approved', async () => {
    const wish = {
      siteId,
      event: 'Fire in the cold store',
      from: '2026-01-10',
      to: '2026-01-20',
      method: 'Sub-meter of the cold store over the ten days before',
      evidence: 'Report of the fire brigade, 10 January',
      effects: [{ enpiId: ids.enpi, energy_wh_per_day: -120_000, halfWidth_wh_per_day: 20_000 }],
    };
    const preview = await manager('POST /adjustments/preview', wish);
    expect(preview.json.effectOnEnpis.map((e: { enpiId: string }) => e.enpiId)).toContain(ids.enpi);
    const proposed = await manager('POST /adjustments', wish);
    expect(proposed.status, proposed.text).toBe(201);
    const photo = Buffer.from('89504e470d0a1a0a', 'hex');
    const path = `/adjustments/${proposed.json.id}/files`;
    const png = { 'content-type': 'image/png' };
    const kept = await manager(`POST ${path}?fileName=cold-store.png`, photo, png);
    expect(kept.status, kept.text).toBe(201);
    const [file] = kept.json.evidenceFiles;
    expect(file).toMatchObject({
      name: 'cold-store.png',
      mediaType: 'image/png',
      size_bytes: 8,
      sha256: createHash('sha256').update(photo).digest('hex'),
    });
    expect((await manager(`POST ${path}?fileName=again.png`, photo, png)).status).toBe(409);
    expect((await manager(`POST ${path}?fileName=none.png`, Buffer.alloc(0), png)).status).toBe(422);
    expect((await manager(`POST ${path}?fileName=page.html`, { a: 1 })).status).toBe(422);
    expect((await manager(`GET ${path}/${file.id}`)).text).toBe(photo.toString());
    const stranger = await api.as(api.second, 'energyManager');
    expect((await stranger(`GET ${path}/${file.id}`)).status).toBe(404);
    expect((await stranger(`POST ${path}?fileName=x.png`, photo, png)).status).toBe(404);
    const decision = { decision: 'approve', reason: 'Evidence looked at' };
    expect((await manager(`POST /adjustments/${proposed.json.id}/decision`, decision)).json.state).toBe(
      'approved',
    );
    expect((await manager(`POST /adjustments/${proposed.json.id}/decision`, decision)).status).toBe(409);
  });
});

describe('significant energy uses', () => {
  it('ranks uses, keeps the decision with its criteria, and logs what changed', async () => {
    const site = api.first.siteId;
    const period = { from: '2026-03-02', to: '2026-03-03' };
    const before = await manager(`GET /sites/${site}/seus?from=${period.from}&to=${period.to}`);
    expect(before.status, before.text).toBe(200);
    const [item] = before.json.items;
    expect(item).toMatchObject({ rank: 1, share: 1, isWithinThreshold: true, seuId: null });
    const review = {
      ...period,
      basis: 'energy',
      threshold: 0.8,
      criteria: 'The smallest set of uses that makes 80 % of the energy',
      keys: [item.key],
      reason: 'Energy review of the year',
    };
    const after = await manager(`POST /sites/${site}/seu-reviews`, review);
    expect(after.status, after.text).toBe(200);
    expect(after.json.reviews[0].changes).toEqual([
      { key: item.key, change: 'added', rankBefore: null, rankAfter: 1 },
    ]);
    const [seu] = after.json.seus;
    const updated = await manager(`PUT /seus/${seu.id}`, {
      name: 'Cold store',
      potential_percent: 12,
      operators: ['M. Leroux'],
      operatingCriteria: 'Evaporating at −8 °C or above',
      enpiId: api.first.enpiId,
    });
    expect(updated.json).toMatchObject({ name: 'Cold store', operators: ['M. Leroux'], isSignificant: true });
    const potential = await manager(
      `GET /sites/${site}/seus?from=${period.from}&to=${period.to}&basis=potential`,
    );
    expect(potential.json.items[0].potential_kwh).toBeCloseTo(item.energy_kwh * 0.12, 9);
    const dropped = await manager(`POST /sites/${site}/seu-reviews`, { ...review, keys: [] });
    expect(dropped.json.reviews[0].changes).toMatchObject([{ key: item.key, change: 'removed' }]);
  });
});

describe('factors', () => {
  it('are dated, say their calorific value, and never overlap', async () => {
    const carbon = {
      kind: 'carbon',
      carrier: 'electricity',
      basis: 'none',
      value: '0.021',
      place: 'FR',
      account: 'location',
      scope: 'direct',
      gas: 'CO2e',
      effectiveFrom: '2026-01-01',
      effectiveTo: null,
      source: 'Grid operator, yearly balance',
    };
    const made = await manager('POST /energy-factors', carbon);
    expect(made.status, made.text).toBe(201);
    expect((await manager('POST /energy-factors', { ...carbon, value: '0.03' })).status).toBe(409);
    expect(
      (await manager('POST /energy-factors', { ...carbon, carrier: 'gas', value: '0.2' })).json.detail,
    ).toMatch(/gross or the net/);
    const next = await manager('POST /energy-factors', {
      ...carbon,
      value: '0.019',
      effectiveFrom: '2026-07-01',
      licence: 'Licence Ouverte 2.0',
      verification: 'verified',
      replaces: made.json.id,
    });
    expect(next.json, next.text).toMatchObject({ replaces: made.json.id, verification: 'verified' });
    const own = await manager('GET /energy-factors?kind=carbon&carrier=electricity');
    expect(
      own.json.factors
        .filter((f: { origin: string }) => f.origin === 'organisation')
        .map((f: { value: string; effectiveTo: string | null }) => [f.value, f.effectiveTo]),
    ).toEqual([
      ['0.021', '2026-07-01'],
      ['0.019', null],
    ]);
    const wrong = await manager('POST /energy-factors', {
      ...carbon,
      carrier: 'gas',
      basis: 'gross',
      effectiveFrom: '2026-08-01',
      replaces: made.json.id,
    });
    expect([wrong.status, wrong.json.detail]).toEqual([
      422,
      expect.stringMatching(/another kind or carrier/),
    ]);
    const ended = await manager(`POST /energy-factors/${next.json.id}/end`, {
      effectiveTo: '2027-01-01',
      reason: 'Next balance',
    });
    expect(ended.json).toMatchObject({ effectiveTo: '2027-01-01', origin: 'organisation', value: '0.019' });
    const other = await (await api.as(api.second, 'energyManager'))('GET /energy-factors?kind=carbon');
    expect(other.json.factors.some((f: { origin: string }) => f.origin === 'organisation')).toBe(false);
    const steam = await manager('POST /steam-energy', {
      mass_kg: 1000,
      pressure_mpa: 1,
      temperature_c: null,
      returned: { pressure_mpa: 0.5, temperature_c: 90 },
    });
    // h″(1 MPa) = 2777.1 kJ/kg, water at 90 °C 377.3 kJ/kg: 666.6 kWh a tonne.
    expect(steam.json.energy_kwh).toBeCloseTo(666.6, 0);
  });
});
