import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from './fixture.ts';

const csv = [
  'Register number;Register address (Dec);Register address (Hex);Dimension (word);Description;Type;Scale;Unit;Read Function Code (Dec)',
  '101;100;64;2;Active power;Signed long;0.01;kW;3',
  '103;102;66;1;Frequency;Unsigned word;0.01;Hz;3',
].join('\n');
const workbook = readFileSync(new URL('./fixtures/register-table.xlsx', import.meta.url));
const about = 'title=Oven+meter&maker=Legrand&models=0+046+83,+0+046+86&source=manual+LE1';
const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api?.close());

describe('register tables of makers', () => {
  const events = async (): Promise<string[]> =>
    (
      await api.admin.query(`SELECT action FROM audit_event WHERE action LIKE 'deviceProfile.%' ORDER BY id`)
    ).rows.map((row) => row.action);

  it('are checked without a trace, stored as a whole, and seen by their organisation only', async () => {
    const installer = await api.as(api.first, 'installer');
    const dry = await installer(`POST /device-profiles?name=oven&${about}`, csv, {
      'content-type': 'text/csv',
    });
    expect(dry.status).toBe(200);
    expect(dry.json).toMatchObject({ dryRun: true, stored: false, errors: [], profile: { id: 'own-oven' } });
    expect(await events()).toEqual([]);

    const stored = await installer(
      `POST /device-profiles?name=oven&dryRun=false&fileName=oven.csv&${about}`,
      csv,
      {
        'content-type': 'text/csv',
      },
    );
    expect(stored.json).toMatchObject({
      stored: true,
      profile: { measurands: ['active_power_w', 'frequency_hz'] },
    });
    const own = (await installer('GET /device-catalogue')).json.profiles.filter(
      (p: { uploaded: unknown }) => p.uploaded,
    );
    expect(own).toMatchObject([
      {
        id: 'own-oven',
        models: ['0 046 83', '0 046 86'],
        uploaded: { fileName: 'oven.csv' },
        trust: 'documented',
      },
    ]);
    const stranger = await api.as(api.second, 'admin');
    const foreign = (await stranger('GET /device-catalogue')).json.profiles;
    expect(foreign.some((p: { id: string }) => p.id === 'own-oven')).toBe(false);
    expect((await stranger('DELETE /device-profiles/own-oven')).status).toBe(404);

    const again = await installer(`POST /device-profiles?name=oven&dryRun=false&${about}`, csv, {
      'content-type': 'text/csv',
    });
    expect(again.status).toBe(409);
    expect((await installer('DELETE /device-profiles/own-oven')).status).toBe(204);
    expect((await installer('DELETE /device-profiles/own-oven')).status).toBe(404);
    expect(await events()).toEqual(['deviceProfile.create', 'deviceProfile.remove']);
  });

  it('with errors are refused row by row, and nothing is stored', async () => {
    const installer = await api.as(api.first, 'installer');
    const answer = await installer(
      `POST /device-profiles?name=bad&dryRun=false&${about}`,
      csv.replace('66', '67').replace('kW', 'furlong'),
      { 'content-type': 'text/csv' },
    );
    expect(answer.json).toMatchObject({
      stored: false,
      profile: null,
      errors: [
        { row: 2, field: 'unit', value: 'furlong' },
        { row: 3, field: 'hexadecimal', value: '67' },
      ],
    });
    const { rows } = await api.admin.query('SELECT count(*)::int AS count FROM device_profile');
    expect(rows[0].count).toBe(0);
  });

  it('are taken as a workbook too', async () => {
    const installer = await api.as(api.first, 'installer');
    const answer = await installer(`POST /device-profiles?name=book&${about}`, workbook, {
      'content-type': xlsx,
    });
    expect(answer.json).toMatchObject({ errors: [], profile: { id: 'own-book' } });
    const broken = await installer(`POST /device-profiles?name=book&${about}`, workbook.subarray(0, 900), {
      'content-type': xlsx,
    });
    expect(broken.status).toBe(422);
    expect(broken.json.detail).toContain('no readable workbook');
  });

  it('are refused to those who may only look', async () => {
    const manager = await api.as(api.first, 'energyManager');
    const answer = await manager(`POST /device-profiles?name=x&${about}`, csv, {
      'content-type': 'text/csv',
    });
    expect(answer.status).toBe(403);
    expect(
      (
        await (
          await api.as(api.first, 'installer')
        )(`POST /device-profiles?name=A+B&${about}`, csv, {
          'content-type': 'text/csv',
        })
      ).status,
    ).toBe(422);
  });
});
