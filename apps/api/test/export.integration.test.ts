import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { waitFor } from '@wattproof/testkit';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Caller, startApi, type TestApi } from './fixture.ts';

let api: TestApi;
let manager: Caller;

const awkward = '=SUM(A1);"Halle", Süd\nnew line';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
/**
 * Bytes that are really in use. A collection frees buffers in a thread of its own; the next one
 * waits for that, so the least of three counts only what somebody still holds.
 */
function liveMemory(): number {
  const live = Array.from({ length: 3 }, () => {
    collectGarbage();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  });
  return Math.min(...live);
}

beforeAll(async () => {
  api = await startApi();
  manager = await api.as(api.first, 'energyManager');
  await api.admin.query('UPDATE meter SET name = $2 WHERE id = $1', [api.first.useMeterId, awkward]);
  await api.admin.query(
    `INSERT INTO store.reading (at, meter_id, organisation_id, quality, received_at, active_power_w, active_energy_import_wh, temperature_c)
     VALUES ('2026-10-25T00:30:00.250Z', $1, $2, 0, '2026-10-25T00:30:01Z', 1234.5, 9007199254740991, NULL),
            ('2026-10-25T01:30:00Z', $1, $2, 2, '2026-10-25T01:30:01Z', NULL, 5, -0.5)`,
    [api.first.useMeterId, api.first.id],
  );
  await api.admin.query(
    `INSERT INTO store.reading (at, meter_id, organisation_id, quality, received_at, active_power_w, voltage_l1_n_v)
     SELECT '2025-01-01T00:00:00Z'::timestamptz + i * interval '10 seconds', $1, $2, 0, now(), i % 5000, 230
     FROM generate_series(1, 1050000) i`,
    [api.first.otherMeterId, api.first.id],
  );
});
afterAll(() => api?.close());

const range = 'from=2026-10-25T00:00:00Z&to=2026-10-26T00:00:00Z';
const named = 'measurands=active_energy_import_wh,active_power_w,temperature_c';

/** RFC 4180: quoted cells may hold separators, quotes (doubled) and line ends. */
function parse(text: string, separator: string): string[][] {
  const rows: string[][] = [[]];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (quoted) {
      if (c !== '"') cell += c;
      else if (text[i + 1] === '"') cell += text[++i];
      else quoted = false;
    } else if (c === '"') quoted = true;
    else if (c === separator || c === '\n') {
      rows.at(-1)?.push(cell);
      cell = '';
      if (c === '\n') rows.push([]);
    } else cell += c;
  }
  return rows.slice(0, -1);
}

describe('readings as CSV', () => {
  it('have heads with units, both times, exact integers, and names no program runs', async () => {
    const answer = await manager(`GET /exports/readings?meters=${api.first.useMeterId}&${named}&${range}`);
    expect(answer.status, answer.text).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^text\/csv/);
    expect(answer.headers.get('content-disposition')).toBe(
      'attachment; filename="wattproof-readings-2026-10-25-2026-10-26.csv"',
    );
    const rows = parse(answer.text, ',');
    expect(rows).toEqual([
      [
        'meter_id',
        'meter',
        'at',
        'local_time',
        'quality',
        'received_at',
        'skew_ms [ms]',
        'active_energy_import_wh [Wh]',
        'active_power_w [W]',
        'temperature_c [°C]',
      ],
      [
        String(api.first.useMeterId),
        `'${awkward}`,
        '2026-10-25T00:30:00.250Z',
        '2026-10-25T02:30:00.250+02:00',
        'good',
        '2026-10-25T00:30:01.000Z',
        '0',
        '9007199254740991',
        '1234.5',
        '',
      ],
      [
        String(api.first.useMeterId),
        `'${awkward}`,
        '2026-10-25T01:30:00.000Z',
        // The hour that exists twice: the offset tells which.
        '2026-10-25T02:30:00.000+01:00',
        'timeout',
        '2026-10-25T01:30:01.000Z',
        '0',
        '5',
        '',
        '-0.5',
      ],
    ]);
  });

  it('follow the separator, the decimal mark and the time zone that are chosen', async () => {
    const answer = await manager(
      `GET /exports/readings?meters=${api.first.useMeterId}&${named}&${range}&separator=semicolon&decimal=comma&timeZone=Asia/Kolkata`,
    );
    expect(answer.text.startsWith('meter_id;') || answer.text.startsWith('\ufeffmeter_id;')).toBe(true);
    const [, first] = parse(answer.text, ';');
    expect([first?.[3], first?.[8]]).toEqual(['2026-10-25T06:00:00.250+05:30', '1234,5']);
    const tabs = await manager(
      `GET /exports/readings?meters=${api.first.useMeterId}&${named}&${range}&separator=tab`,
    );
    expect(parse(tabs.text, '\t')[1]?.[1]).toBe(`'${awkward}`);
  });

  it('come for years in order, over many slices, without a gap or a repetition', async () => {
    const answer = await manager(
      `GET /exports/readings?meters=${api.first.useMeterId},${api.first.mainMeterId}&from=2020-01-01T00:00:00Z&to=2030-01-01T00:00:00Z&measurands=active_power_w`,
    );
    const rows = parse(answer.text, ',').slice(1);
    expect(rows).toHaveLength(62);
    const own = rows.filter((r) => r[0] === String(api.first.mainMeterId)).map((r) => r[2]);
    expect(own).toEqual([...new Set(own)].sort());
  });

  it('take over a million rows without the memory growing', async () => {
    const answer = await fetch(
      `${api.url}/api/v1/exports/readings?meters=${api.first.otherMeterId}&from=2025-01-01T00:00:00Z&to=2026-01-01T00:00:00Z&measurands=active_power_w,voltage_l1_n_v`,
      { headers: { authorization: `Bearer ${api.first.apiKeys.read}` } },
    );
    let lines = 0;
    let bytes = 0;
    const live: number[] = [];
    for await (const piece of answer.body ?? []) {
      bytes += piece.length;
      for (const byte of piece) if (byte === 10) lines++;
      if (lines >= 200_000 * (live.length + 1)) live.push(liveMemory());
    }
    expect(lines).toBe(1_050_001);
    expect(bytes).toBeGreaterThan(100e6);
    // Held in memory, each fifth would add its size: reader and writer are one process here.
    expect(live).toHaveLength(5);
    expect(Math.max(...live) - (live[0] as number)).toBeLessThan(bytes / 5);
  });

  it('stop the query when the reader goes away, and give the place free', async () => {
    const abort = new AbortController();
    const answer = await fetch(
      `${api.url}/api/v1/exports/readings?meters=${api.first.otherMeterId}&from=2025-01-01T00:00:00Z&to=2026-01-01T00:00:00Z`,
      { headers: { authorization: `Bearer ${api.first.apiKeys.read}` }, signal: abort.signal },
    );
    const reader = answer.body?.getReader();
    await reader?.read();
    const running = async () =>
      (
        await api.admin.query<{ n: number }>(
          "SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = $1 AND state = 'active' AND query LIKE 'COPY (SELECT%'",
          [api.database.name],
        )
      ).rows[0]?.n;
    await waitFor(async () => (await running()) === 1);
    abort.abort();
    await waitFor(async () => (await running()) === 0);
    for (let i = 0; i < 3; i++)
      expect((await manager(`GET /exports/readings?meters=${api.first.useMeterId}&${range}`)).status).toBe(
        200,
      );
  });
});

describe('intervals as CSV', () => {
  it('are those of the pages, with their quality', async () => {
    const of = (resolution: string) =>
      manager(
        `GET /exports/intervals?meters=${api.first.mainMeterId}&from=2026-03-01T00:00:00Z&to=2026-03-05T00:00:00Z&resolution=${resolution}`,
      ).then((answer) => parse(answer.text, ','));
    const base = await of('base');
    expect(base[0]).toEqual([
      'meter_id',
      'meter',
      'measurand',
      'unit',
      'start',
      'local_start',
      'duration_s [s]',
      'delta',
      'mean',
      'min',
      'max',
      'quality',
    ]);
    expect(base).toHaveLength(97);
    expect(base[1]?.slice(2)).toEqual([
      'active_energy_import_wh',
      'Wh',
      '2026-03-02T00:00:00.000Z',
      '2026-03-02T01:00:00.000+01:00',
      '900',
      '10000',
      '',
      '',
      '',
      'measured',
    ]);
    const [head, day] = await of('day');
    expect(head?.slice(-5)).toEqual(['n_measured', 'n_interpolated', 'n_estimated', 'n_manual', 'n_missing']);
    expect(day?.slice(7)).toEqual(['960000', '', '', '', '96', '0', '0', '0', '0']);
  });
});

describe('Parquet', () => {
  const read = async (route: string) => {
    const answer = await fetch(`${api.url}/api/v1/exports/${route}&format=parquet`, {
      headers: { authorization: `Bearer ${api.first.apiKeys.read}` },
    });
    expect(answer.headers.get('content-type')).toMatch('application/vnd.apache.parquet');
    return answer.arrayBuffer();
  };

  it('has readings with exact integers, instants and nulls', async () => {
    const file = await read(`readings?meters=${api.first.useMeterId}&${named}&${range}`);
    const rows = await parquetReadObjects({ file });
    expect(rows).toEqual([
      {
        meter_id: api.first.useMeterId,
        meter: awkward,
        at: new Date('2026-10-25T00:30:00.250Z'),
        quality: 'good',
        received_at: new Date('2026-10-25T00:30:01Z'),
        skew_ms: 0,
        active_energy_import_wh: 9007199254740991n,
        active_power_w: 1234.5,
        temperature_c: null,
      },
      expect.objectContaining({ quality: 'timeout', active_power_w: null, temperature_c: -0.5 }),
    ]);
    const units = parquetMetadata(file).key_value_metadata?.find((pair) => pair.key === 'units')?.value;
    expect(JSON.parse(units ?? '{}')).toMatchObject({ active_power_w: 'W', temperature_c: '°C', at: null });
  });

  it('has intervals, and many rows in several groups', async () => {
    const day = await read(
      `intervals?meters=${api.first.mainMeterId}&from=2026-03-01T00:00:00Z&to=2026-03-05T00:00:00Z&resolution=day`,
    );
    expect(await parquetReadObjects({ file: day })).toEqual([
      expect.objectContaining({
        measurand: 'active_energy_import_wh',
        unit: 'Wh',
        delta: 960_000n,
        n_measured: 96,
      }),
    ]);
    const many = await read(
      `readings?meters=${api.first.otherMeterId}&measurands=active_power_w&from=2025-01-01T00:00:00Z&to=2025-02-01T00:00:00Z`,
    );
    const metadata = parquetMetadata(many);
    expect(metadata.num_rows).toBe(267_839n);
    expect(metadata.row_groups.length).toBeGreaterThan(3);
    expect(metadata.row_groups.length).toBeLessThan(7);
    const [last] = await parquetReadObjects({ file: many, rowStart: 267_838 });
    expect(last?.at).toEqual(new Date('2025-01-31T23:59:50Z'));
  });
});

describe('who may export what', () => {
  const one = (more = '', meter = api.first.mainMeterId) =>
    `GET /exports/readings?meters=${meter}&${range}${more}`;

  it('is a permission of its own, and every export is in the audit trail', async () => {
    const operator = await api.as(api.first, 'operator');
    expect((await operator(one())).status).toBe(403);
    expect((await api.anonymous(one())).status).toBe(401);
    expect((await api.withKey(api.first.apiKeys.read)(one())).status).toBe(200);
    const { rows } = await api.admin.query(
      "SELECT actor, object, after FROM audit_event WHERE action = 'export.create' ORDER BY id DESC LIMIT 1",
    );
    expect(rows[0]).toMatchObject({
      actor: 'API key read key',
      object: 'readings',
      after: { meters: [api.first.mainMeterId], format: 'csv' },
    });
  });

  it('never another organisation’s, not even beside own ones', async () => {
    expect((await manager(one('', api.second.mainMeterId))).status).toBe(404);
    const both = await manager(
      `GET /exports/intervals?meters=${api.first.mainMeterId},${api.second.mainMeterId}&${range}`,
    );
    expect(both.status).toBe(404);
    expect(both.json.detail).toContain(String(api.second.mainMeterId));
  });

  it('says what is wrong before the first byte', async () => {
    for (const [more, detail] of [
      ['&decimal=comma', /another separator/],
      ['&timeZone=Mars/Olympus', /no time zone Mars/],
      ['&separator=pipe', /separator/],
      ['&measurands=nonsense', /measurands/],
      ['&format=xls', /format/],
    ] as const) {
      const answer = await manager(one(more));
      expect(answer.status, more).toBe(422);
      expect(answer.json.detail).toMatch(detail);
    }
    const reversed = await manager(
      `GET /exports/readings?meters=${api.first.mainMeterId}&from=2026-10-26T00:00:00Z&to=2026-10-25T00:00:00Z`,
    );
    expect(reversed.json.detail).toMatch(/before/);
    const local = await manager(
      `GET /exports/readings?meters=${api.first.mainMeterId}&from=2026-03-29T02:30&to=2026-10-25T00:00:00Z`,
    );
    expect(local.status).toBe(422);
  });
});
