import { checkModules, checkSupply, findProfile, profiles } from '@wattproof/devices';
import { portalTranslator } from '@wattproof/messages';
import { describe, expect, it, test } from 'vitest';
import { changeText } from './change-text.ts';
import { findingText } from './finding-text.ts';
import { type Choices, newLine, newMeter, settingsOf } from './plan.ts';

const en = portalTranslator('en');
const locales = ['en', 'fr', 'de', 'es'] as const;
const zoneId = '00000000-0000-0000-0000-000000000001';
const choices: Choices = {
  profiles: profiles.map((profile) => ({
    id: profile.id,
    title: profile.title,
    trust: profile.trust,
    notice: null,
    counters: ['active_energy_import_wh'],
    inputs: [],
    settings: profile.points.filter((p) => p.writable).map((p) => p.key),
    countsPulses: profile.points.some((p) => p.countsPulses),
  })),
  products: [],
  modules: [],
  zones: [{ id: zoneId, name: 'Hall 2' }],
  circuits: [],
};
const text = (field: string, before: unknown, after: unknown, t = en): string =>
  changeText(t, { field, before, after }, choices);

describe('what a plan changes', () => {
  it('is told in words, with units, names instead of keys, and a dash for nothing', () => {
    expect(text('pollPeriod_s', 10, 60)).toBe('Read all every: 10 s → 60 s');
    expect(text('slowPeriod_s', null, 900)).toBe('Read counters every: — → 900 s');
    expect(text('timeout_ms', 300, 900)).toBe('Wait for an answer: 300 ms → 900 ms');
    expect(text('unit', 7, 1)).toBe('Address: 7 → 1');
    expect(text('place.kind', 'serial', 'tcp')).toBe(
      'Connected through: serial port of the gateway → Modbus TCP',
    );
    expect(
      text('wire', null, {
        mode: 'rtu',
        baud: 9600,
        parity: 'none',
        stopBits: 1,
        length_m: null,
        repeaters: 0,
      }),
    ).toBe('RS485 line: — → RTU 9600 none 1');
    expect(text('profileId', 'ime-conto-d2', 'own-x')).toBe(
      `Register map: ${findProfile('ime-conto-d2')?.title} → own-x`,
    );
    expect(text('zoneId', null, zoneId)).toBe('Zone: — → Hall 2');
    expect(text('measurand', 'active_energy_import_wh', 'active_energy_tariff_2_wh')).toBe(
      'Counter: Active energy, import → Active energy, tariff 2',
    );
    expect(text('settings.input_type', 1, 2)).toBe('What the input counts: electricity → volume');
    expect(text('settings.of_a_table', 1, 2)).toBe('of_a_table: 1 → 2');
    expect(text('modules', [], [{ slot: 'A', catalogueNumber: '4 120 55' }])).toBe('Modules: — → A 4 120 55');
  });

  test.each(locales)('shows no name of a program in %s', (locale) => {
    const t = portalTranslator(locale);
    const plan = { pollPeriod_s: 10, fastPeriod_s: 5, slowPeriod_s: 60, lines: [] };
    const { meters: _, place, wire, ...line } = newLine(plan);
    const { settings: _none, ...meter } = newMeter(plan, { ...line, place, wire, meters: [] }, choices);
    const under = (prefix: string, part: object | null): string[] =>
      Object.keys(part ?? {}).map((key) => `${prefix}.${key}`);
    const fields = [
      ...Object.keys(plan).filter((key) => key !== 'lines'),
      ...[...Object.keys(line), ...Object.keys(meter), 'line', 'wire'].filter((key) => key !== 'key'),
      ...under('place', { ...place, host: '', port: 0 }),
      ...under('wire', wire),
      ...under('supply', { name: '', unit: '' }),
      ...choices.profiles
        .filter((p) => p.countsPulses)
        .flatMap((profile) => settingsOf(profile).map((key) => `settings.${key}`)),
    ];
    for (const field of fields) {
      const told = changeText(t, { field, before: null, after: null }, choices);
      expect(told.split(':')[0]?.trim(), field).not.toBe(field.replace('settings.', ''));
    }
  });
});

test.each(locales)('rules of slots and supplies are told in %s, with nothing left out', (locale) => {
  const t = portalTranslator(locale);
  const about = { line: null, meters: [], field: '', message: 'in the words of the catalogue' };
  const rules = [
    ...checkModules('4 120 52', [{ slot: 'A', catalogueNumber: '4 120 55' }]),
    ...checkModules('4 120 53', [
      { slot: 'A', catalogueNumber: '4 120 55' },
      { slot: 'A', catalogueNumber: '4 120 56' },
      { slot: 'B', catalogueNumber: '4 120 57' },
      { slot: 'C', catalogueNumber: '4 120 59' },
      { slot: 'C', catalogueNumber: '4 120 59' },
      { slot: 'D', catalogueNumber: '4 120 59' },
      { slot: 'D', catalogueNumber: '9 999 99' },
    ]),
    ...checkModules('4 120 53', [{ slot: 'B', catalogueNumber: '4 120 61' }]),
    ...checkModules('4 120 53', []),
  ];
  expect(new Set(rules.map((r) => r.code)).size).toBe(8);
  const told = [
    ...rules.map(({ code, severity, data }) => ({
      ...about,
      code: 'moduleRule',
      severity,
      data: { ...data, meter: 'Unit 5', rule: code },
    })),
    ...[...checkSupply({ mp4: 5, mp6: 0 }), ...checkSupply({ mp4: 1, mp6: 1 })].map(({ code, data }) => ({
      ...about,
      code: 'supplyRule',
      severity: 'error' as const,
      data: { ...data, supply: 'PS1', rule: code },
    })),
  ].map((finding) => findingText(t, finding));
  for (const sentence of told) {
    expect(sentence).not.toContain('in the words of the catalogue');
    expect(sentence).not.toMatch(/[{}]|undefined/);
    expect(sentence).toMatch(/Unit 5|PS1/);
  }
});
