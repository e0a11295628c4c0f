import { downTopic, gatewayConfiguration, upTopic } from '@wattproof/contracts/mqtt';
import { waitFor } from '@wattproof/testkit';
import mqtt, { type MqttClient } from 'mqtt';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Caller, startApi, type TestApi } from './fixture.ts';

let api: TestApi;
let installer: Caller;
let gatewayId: string;
let client: MqttClient;
let partition: number;
const received: { readonly topic: string; readonly text: string; readonly retain: boolean }[] = [];

beforeAll(async () => {
  api = await startApi();
  await waitFor(() => api.resources.broker.isConnected, { timeout_s: 10 });
  installer = await api.as(api.first, 'installer');
});
afterAll(() => api?.close());
beforeEach(async () => {
  const enrolled = await installer('POST /gateways', {
    siteId: api.first.siteId,
    name: 'Hall',
    kind: 'edge',
  });
  const { username, password, gateway } = enrolled.json;
  gatewayId = username;
  partition = gateway.partition;
  client = await mqtt.connectAsync(api.resources.env.WATTPROOF_MQTT_URL, {
    protocolVersion: 5,
    username,
    password,
    clientId: username,
  });
  client.on('message', (topic, payload, packet) =>
    received.push({ topic, text: payload.toString(), retain: packet.retain }),
  );
  await client.subscribeAsync(downTopic(partition, gatewayId, 'command'), { qos: 1 });
});
afterEach(async () => {
  received.length = 0;
  await client.endAsync(true);
});

const meter = (key: string, unit: number, more: object = {}) => ({
  key,
  name: `Oven ${key}`,
  unit,
  product: '0 046 77',
  profileId: 'ime-conto-d2',
  measurand: 'active_energy_import_wh',
  ...more,
});
const plan = (meters: readonly object[], more: object = {}) => ({
  pollPeriod_s: 10,
  lines: [
    {
      key: 'A',
      name: 'Hall, RS485',
      place: { kind: 'serial', path: '/dev/ttyUSB0' },
      wire: { mode: 'rtu', baud: 9600, parity: 'none', stopBits: 1 },
      meters,
      ...more,
    },
  ],
});
const at = (path: string): string => `/gateways/${gatewayId}/configuration${path}`;
const draft = async (body: object): Promise<void> => {
  const stored = await installer(`PUT ${at('/draft')}`, { plan: body });
  expect(stored.status, stored.text).toBe(200);
};
const send = async (body: object, note = 'because'): Promise<number> => {
  await draft(body);
  const sent = await installer(`POST ${at('/send')}`, { note });
  expect(sent.status, sent.text).toBe(200);
  return sent.json.versions[0].version;
};
/** What the gateway says of itself, taken over. */
const says = async (state: object): Promise<void> => {
  await api.admin.query('UPDATE gateway SET state = $2, online = true WHERE id = $1', [
    gatewayId,
    JSON.stringify({ online: true, ...state }),
  ]);
  await api.resources.downPath.flush();
};
const keeps = (version: number) =>
  says({ configVersion: version, configuration: { phase: 'inForce', returned: null } });
const keysNow = async (): Promise<string[]> =>
  (
    await api.admin.query<{ key: string }>(
      'SELECT meter_key AS key FROM gateway_meter WHERE gateway_id = $1 AND now() < valid_to ORDER BY 1',
      [gatewayId],
    )
  ).rows.map((row) => row.key);

describe('a configuration', () => {
  it('goes from draft to force: checked, retained, tried, kept; its meters and lines follow', async () => {
    const version = await send(plan([meter('M1', 1), meter('M2', 2, { settings: {} })]));
    expect(version).toBe(1);
    expect(await keysNow()).toEqual(['M1', 'M2']);
    const retained = await new Promise<string>((resolve) => {
      client.on('message', (topic, payload) => topic.endsWith('/config') && resolve(payload.toString()));
      void client.subscribeAsync(downTopic(partition, gatewayId, 'config'), { qos: 1 });
    });
    expect(gatewayConfiguration.parse(JSON.parse(retained))).toMatchObject({
      version: 1,
      lines: [
        {
          key: 'A',
          transport: { kind: 'rtu', baud: 9600, dataBits: 8 },
          meters: [{ key: 'M1', unit: 1 }, {}],
        },
      ],
    });
    await says({ configVersion: 1, configuration: { phase: 'probation', returned: null } });
    expect((await installer(`GET ${at('')}`)).json).toMatchObject({
      inForce: null,
      versions: [{ state: 'probation' }],
    });
    await keeps(1);
    const { json } = await installer(`GET ${at('')}`);
    expect(json).toMatchObject({
      inForce: 1,
      draft: null,
      versions: [{ version: 1, state: 'confirmed', note: 'because' }],
    });
    expect(json.forecasts[0].loadShare).toBeGreaterThan(0);
    const gateway = (await installer('GET /gateways')).json.gateways.find(
      (g: { id: string }) => g.id === gatewayId,
    );
    expect(gateway.lines).toMatchObject([{ key: 'A', name: 'Hall, RS485', transport: 'rtu' }]);
    expect(gateway.meters).toMatchObject([
      { key: 'M1', lineKey: 'A', unitAddress: 1, trust: 'simulated' },
      { key: 'M2', unitAddress: 2 },
    ]);

    // A change: M1 moves, M2 goes, M3 comes.
    await send(plan([meter('M1', 7), meter('M3', 3)]), 'M2 was sold');
    const detail = await installer(`GET ${at('/versions/2')}`);
    expect(
      detail.json.diff.meters.map((m: { kind: string; key: string; effect: string }) => [
        m.kind,
        m.key,
        m.effect,
      ]),
    ).toEqual([
      ['changed', 'M1', 'otherDevice'],
      ['added', 'M3', 'begins'],
      ['removed', 'M2', 'ends'],
    ]);
    // Until the gateway has kept it, M2 is still its own.
    expect(await keysNow()).toEqual(['M1', 'M2', 'M3']);
    await keeps(2);
    expect(await keysNow()).toEqual(['M1', 'M3']);
    const { rows } = await api.admin.query(
      `SELECT m.unit_address FROM meter m JOIN gateway_meter k ON k.meter_id = m.id WHERE k.gateway_id = $1 AND k.meter_key = 'M1'`,
      [gatewayId],
    );
    expect(rows).toEqual([{ unit_address: 7 }]);
    const { rows: events } = await api.admin.query(
      `SELECT action, actor FROM audit_event WHERE object = $1 AND action <> 'gateway.enrol' ORDER BY id`,
      [gatewayId],
    );
    expect(events.map((e) => e.action)).toEqual([
      'gatewayConfiguration.draft',
      'gatewayConfiguration.send',
      'gatewayConfiguration.confirmed',
      'gatewayConfiguration.draft',
      'gatewayConfiguration.send',
      'gatewayConfiguration.confirmed',
    ]);
  });

  it('that the gateway returns from leaves the one before in force, retained again', async () => {
    await send(plan([meter('M1', 1)]));
    await keeps(1);
    await send(plan([meter('M1', 9), meter('M5', 5)]));
    await says({
      configVersion: 1,
      configuration: {
        phase: 'inForce',
        returned: {
          version: 2,
          at: '2026-11-22T20:00:00Z',
          reason: 'devicesSilent',
          message: 'answered before and not any more: M1',
        },
      },
    });
    const { json } = await installer(`GET ${at('')}`);
    expect(json).toMatchObject({
      inForce: 1,
      versions: [
        {
          version: 2,
          state: 'returned',
          reason: 'devicesSilent',
          message: 'answered before and not any more: M1',
        },
        { version: 1, state: 'confirmed' },
      ],
    });
    expect(await keysNow()).toEqual(['M1']);
    const { rows } = await api.admin.query('SELECT configuration FROM gateway WHERE id = $1', [gatewayId]);
    expect(rows[0].configuration).toMatchObject({ version: 1 });
    // The same key comes back: it is the same meter, with a second dated row.
    await send(plan([meter('M1', 1), meter('M5', 6)]));
    const { rows: m5 } = await api.admin.query(
      `SELECT count(*)::int AS rows, count(DISTINCT meter_id)::int AS meters FROM gateway_meter WHERE gateway_id = $1 AND meter_key = 'M5'`,
      [gatewayId],
    );
    expect(m5).toEqual([{ rows: 2, meters: 1 }]);
  });

  it('with errors is kept as a draft and never sent; a dry run stores nothing', async () => {
    const bad = plan([meter('M1', 1), meter('M2', 1), meter('M3', 3, { settings: { ct_ration: 2 } })], {
      wire: { mode: 'rtu', baud: 38_400, parity: 'none', stopBits: 1 },
    });
    const dry = await installer(`POST ${at('/check')}`, { plan: bad });
    expect(dry.json.isSendable).toBe(false);
    expect(
      dry.json.findings.map((f: { code: string; line: string; meters: string[]; field: string }) => [
        f.code,
        f.line,
        f.meters.join('+'),
        f.field,
      ]),
    ).toEqual([
      ['unknownSetting', 'A', 'M3', 'settings.ct_ration'],
      ['duplicateAddress', 'A', 'M1+M2', 'unit'],
      ['baudNotOffered', 'A', 'M1+M2+M3', 'wire.baud'],
    ]);
    expect((await installer(`GET ${at('')}`)).json.draft).toBeNull();
    await draft(bad);
    const refused = await installer(`POST ${at('/send')}`, { note: 'try' });
    expect(refused.status).toBe(422);
    expect(refused.json.errors[1]).toMatchObject({ path: 'A.M1.M2.unit' });
    expect(await keysNow()).toEqual([]);
    expect((await installer(`DELETE ${at('/draft')}`)).status).toBe(204);
    expect((await installer(`POST ${at('/send')}`, { note: 'try' })).status).toBe(409);
    const manager = await api.as(api.first, 'energyManager');
    expect((await manager(`PUT ${at('/draft')}`, { plan: bad })).status).toBe(403);
  });

  it('of 300 equal meters is a table: checked by row, put in as a whole', async () => {
    await draft(plan([], { place: { kind: 'tcp', host: '10.0.0.7' }, wire: null }));
    const head = 'line,key,name,address,product,period_s,measurand,zone';
    const rows = Array.from(
      { length: 240 },
      (_, i) => `A,F${i + 1},Flat ${i + 1},${i + 1},0 046 77,60,,Hall`,
    );
    const bad = [...rows.slice(0, 2), 'B,F1,Again,x,0 046 70,60,,Cellar'];
    const dry = await installer(`POST ${at('/meters')}?dryRun=false`, [head, ...bad].join('\n'));
    expect(dry.json).toMatchObject({
      stored: false,
      plan: null,
      errors: [
        { row: 4, field: 'line', value: 'B' },
        { row: 4, field: 'profile', value: '0 046 70' },
        { row: 4, field: 'address', value: 'x' },
        { row: 4, field: 'zone', value: 'Cellar', reason: 'the site has no zone of that name' },
      ],
    });
    const stored = await installer(`POST ${at('/meters')}?dryRun=false`, [head, ...rows].join('\n'));
    expect(stored.json, stored.text).toMatchObject({ stored: true, added: 240, changed: 0, errors: [] });
    const table = await installer(`GET ${at('/meters')}`);
    expect(table.text.split('\r\n')).toHaveLength(242);
    const again = await installer(`POST ${at('/meters')}?dryRun=true`, table.text);
    expect(again.json).toMatchObject({ stored: false, added: 0, changed: 240, errors: [] });
    const sent = await installer(`POST ${at('/send')}`, { note: 'the flats' });
    expect(sent.status, sent.text).toBe(200);
    expect(await keysNow()).toHaveLength(240);
  }, 60_000);

  it('takes the profiles of the organisation along', async () => {
    const csv = [
      'Register address (Dec);Dimension (word);Description;Type;Scale;Unit',
      '100;2;Active energy;Unsigned long;1;Wh',
    ].join('\n');
    const made = await installer(
      'POST /device-profiles?name=oven&title=Oven&maker=X&models=X&source=manual&dryRun=false',
      csv,
    );
    expect(made.json.stored, made.text).toBe(true);
    await send(plan([meter('M1', 1, { product: null, profileId: 'own-oven' })]));
    const { rows } = await api.admin.query('SELECT configuration FROM gateway WHERE id = $1', [gatewayId]);
    expect(gatewayConfiguration.parse(rows[0].configuration).profiles).toMatchObject([{ id: 'own-oven' }]);
    expect((await installer('DELETE /device-profiles/own-oven')).status).toBe(409);
  });
});

describe('a command', () => {
  it('is answered by its gateway, noted with the bytes of the wire, and never retained', async () => {
    await says({});
    const asked = installer(`POST /gateways/${gatewayId}/commands/read`, {
      line: 'A',
      unit: 6,
      address: 0x2000,
      words: 2,
    });
    await waitFor(async () => {
      await api.resources.downPath.flush();
      return received.length > 0;
    });
    const [command] = received;
    expect(command?.retain).toBe(false);
    const { id } = JSON.parse(command?.text ?? '{}');
    const result = {
      id,
      at: new Date().toISOString(),
      outcome: 'done',
      message: '',
      exchanges: [{ request: '062000', reply: '0603', at: new Date().toISOString(), took_ms: 31 }],
      registers: [{ address: 0x2000, words: [3, 0x9918] }],
    };
    await client.publishAsync(upTopic(partition, gatewayId, 'result'), JSON.stringify(result), { qos: 1 });
    expect((await asked).json).toMatchObject({ id, outcome: 'done', registers: result.registers });
    const listed = (await installer(`GET /gateways/${gatewayId}/commands`)).json.commands;
    expect(listed).toMatchObject([{ id, kind: 'read', outcome: 'done', by: 'The installer' }]);
  });

  it('is not sent to a gateway that is away, nor from people who may only look', async () => {
    const body = { line: 'A', unit: 6, address: 0, words: 2 };
    expect((await installer(`POST /gateways/${gatewayId}/commands/read`, body)).json).toMatchObject({
      code: 'conflict',
    });
    const manager = await api.as(api.first, 'energyManager');
    expect((await manager(`POST /gateways/${gatewayId}/commands/read`, body)).status).toBe(403);
  });

  it('writes only what the profile lets be written', async () => {
    const pulses = { profileId: 'legrand-concentrator', settings: { input: 5 } };
    await send(plan([meter('M1', 1), meter('P', 9, pulses)]));
    await keeps(1);
    const write = (point: string, meterKey = 'M1') =>
      installer(`POST /gateways/${gatewayId}/commands/write`, {
        meterKey,
        point,
        before: [0],
        words: [1],
        reason: 'test',
      });
    expect((await write('voltage_l1_n_v')).json).toMatchObject({ code: 'conflict' });
    // The key does not say of which input: it would be the first one's.
    expect((await write('off_time_ms', 'P')).json).toMatchObject({ code: 'conflict' });
  });
});
