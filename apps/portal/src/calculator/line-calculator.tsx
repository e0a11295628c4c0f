'use client';
import {
  baudRates,
  type Communication,
  commonSettings,
  type DeviceProfile,
  findProfile,
  forecastLine,
  inputsOf,
  type LineFinding,
  type LineSettings,
  type Parity,
  type PlannedMeter,
  parities,
  profiles,
} from '@wattproof/devices';
import { useState } from 'react';
import { languageOf } from '../catalogue/catalogue-text.ts';
import { Button } from '../form/button.tsx';
import { Field } from '../form/field.tsx';
import { parseNumber } from '../form/parse-number.ts';
import { useTranslator } from '../i18n/provider.tsx';
import { Icon } from '../icon/icon.tsx';
import styles from './calculator.module.css';
import { Calculator, ChoiceField, Findings, NumberField, Results, useNumbers } from './calculator.tsx';
import { useNumeric } from './numeric.ts';

interface Row {
  readonly key: number;
  readonly profileId: string;
  readonly count: string;
  readonly first: string;
  readonly period: string;
}

/** Devices of one row at most; a line holds 247. */
const countMost = 247;

const numberIn = (text: string, min: number, max: number): number | null => {
  const value = parseNumber(text);
  return value !== null && Number.isInteger(value) && value >= min && value <= max ? value : null;
};

/** The meters of a row: one address each; of a device with inputs, its first input. */
function metersOf(row: Row, profile: DeviceProfile): PlannedMeter[] | null {
  const count = numberIn(row.count, 1, countMost);
  const first = numberIn(row.first, 0, 255);
  const period_s = numberIn(row.period, 1, 86_400);
  if (count === null || first === null || period_s === null) return null;
  const inputs = inputsOf(profile);
  return Array.from({ length: count }, (_, i) => i).flatMap((i) => {
    const meter = {
      name: `${profile.models[0] ?? profile.id} (${first + i})`,
      unitAddress: first + i,
      profile,
      period_s,
    };
    return inputs.length > 0 ? inputs.map((input) => ({ ...meter, input })) : [meter];
  });
}

/** Time and load of a line before it is wired, and everything that speaks against it. */
export function LineCalculator() {
  const t = useTranslator();
  const number = useNumbers();
  const [transport, setTransport] = useState<LineSettings['transport']>('serial');
  const [mode, setMode] = useState<LineSettings['mode']>('rtu');
  const [baud, setBaud] = useState('19200');
  const [parity, setParity] = useState<Parity>('none');
  const [stop, setStop] = useState<'1' | '2'>('1');
  const length = useNumeric(300, { min: 0, max: 20_000 });
  const repeaters = useNumeric(0, { min: 0, max: 7, isWhole: true });
  const turnaround = useNumeric(50, { min: 0, max: 2000 });
  const [rows, setRows] = useState<readonly Row[]>([
    { key: 1, profileId: 'ime-nemo-96hd', count: '8', first: '1', period: '10' },
    { key: 2, profileId: 'ime-conto-d2', count: '12', first: '11', period: '10' },
  ]);
  const change = (key: number, part: Partial<Row>): void =>
    setRows((all) => all.map((row) => (row.key === key ? { ...row, ...part } : row)));
  const planned = rows.map((row) => {
    const profile = findProfile(row.profileId);
    return profile ? metersOf(row, profile) : null;
  });
  const isReady =
    length.value !== undefined &&
    repeaters.value !== undefined &&
    turnaround.value !== undefined &&
    rows.length > 0 &&
    planned.every((p) => p !== null);
  const forecast = isReady
    ? forecastLine(
        {
          transport,
          mode,
          baud: Number(baud),
          parity,
          stopBits: stop === '1' ? 1 : 2,
          length_m: length.value ?? 0,
          repeaters: repeaters.value ?? 0,
        },
        planned.flatMap((p) => p ?? []),
        { turnaround_ms: turnaround.value ?? 0 },
      )
    : null;
  const communications = rows
    .map((row) => findProfile(row.profileId)?.communication)
    .filter((c): c is Communication => c !== undefined);
  const common = commonSettings(communications);
  const findingText = (finding: LineFinding): string => t(`calc.line.${finding.code}`, finding.data);
  return (
    <Calculator
      id="line"
      title={t('calc.line')}
      page="80–81, 116–119"
      fields={
        <>
          <ChoiceField
            label={t('calc.line.transport')}
            value={transport}
            onChange={(value) => setTransport(value as LineSettings['transport'])}
            options={(['serial', 'converter', 'network'] as const).map((value) => ({
              value,
              label: t(`calc.line.transport.${value}`),
            }))}
          />
          {transport !== 'network' && (
            <>
              <ChoiceField
                label={t('calc.line.mode')}
                value={mode}
                onChange={(value) => setMode(value === 'ascii' ? 'ascii' : 'rtu')}
                options={[
                  { value: 'rtu', label: 'RTU' },
                  { value: 'ascii', label: 'ASCII' },
                ]}
              />
              <ChoiceField
                label={t('calc.line.baud')}
                value={baud}
                onChange={setBaud}
                options={baudRates.map((rate) => ({ value: String(rate), label: number(rate, 0) }))}
              />
              <ChoiceField
                label={t('calc.line.parity')}
                value={parity}
                onChange={(value) => setParity(parities.find((p) => p === value) ?? 'none')}
                options={parities.map((value) => ({ value, label: t(`calc.line.parity.${value}`) }))}
              />
              <ChoiceField
                label={t('calc.line.stop')}
                value={stop}
                onChange={(value) => setStop(value === '2' ? '2' : '1')}
                options={['1', '2'].map((value) => ({ value, label: value }))}
              />
              <NumberField label={t('calc.line.length')} numeric={length} unit="m" />
              <NumberField label={t('calc.line.repeaters')} numeric={repeaters} />
            </>
          )}
          <NumberField label={t('calc.line.turnaround')} numeric={turnaround} unit="ms" />
          <div className={styles.whole}>
            {rows.map((row, i) => (
              <fieldset key={row.key} className={styles.row} aria-label={t('calc.line.row', { row: i + 1 })}>
                <ChoiceField
                  label={t('calc.line.profile')}
                  value={row.profileId}
                  onChange={(profileId) => change(row.key, { profileId })}
                  options={profiles.map((p) => ({
                    value: p.id,
                    label: `${p.models[0] ?? p.id}, ${p.title}`,
                    language: languageOf(p.id),
                  }))}
                />
                <RowNumber
                  label={t('calc.line.count')}
                  text={row.count}
                  onChange={(count) => change(row.key, { count })}
                  limits={[1, countMost]}
                />
                <RowNumber
                  label={t('calc.line.first')}
                  text={row.first}
                  onChange={(first) => change(row.key, { first })}
                  limits={[0, 255]}
                />
                <RowNumber
                  label={t('calc.line.period')}
                  text={row.period}
                  onChange={(period) => change(row.key, { period })}
                  limits={[1, 86_400]}
                  unit="s"
                />
                <button
                  type="button"
                  className={styles.remove}
                  aria-label={t('calc.line.remove', { row: i + 1 })}
                  disabled={rows.length === 1}
                  onClick={() => setRows((all) => all.filter((r) => r.key !== row.key))}
                >
                  <Icon name="close" />
                </button>
              </fieldset>
            ))}
            <Button
              kind="words"
              onClick={() =>
                setRows((all) => [
                  ...all,
                  {
                    key: Math.max(...all.map((r) => r.key)) + 1,
                    profileId: 'legrand-concentrator',
                    count: '1',
                    first: '41',
                    period: '60',
                  },
                ])
              }
            >
              {t('calc.line.add')}
            </Button>
          </div>
        </>
      }
    >
      {forecast && (
        <>
          <Results
            rows={[
              {
                name: t('calc.line.cycle'),
                value: number(forecast.cycle_ms / 1000, 2),
                unit: 's',
                why: t('calc.line.cycleWhy'),
              },
              ...(transport === 'network'
                ? []
                : [
                    { name: t('calc.line.load'), value: number(100 * forecast.loadShare, 0), unit: '%' },
                    { name: t('calc.line.shortest'), value: number(forecast.shortestPeriod_s, 0), unit: 's' },
                    {
                      name: t('calc.line.common'),
                      value: common.advice
                        ? [
                            common.modes.map((m) => m.toUpperCase()).join('/'),
                            common.bauds.map((rate) => number(rate, 0)).join(', '),
                          ].join(', ')
                        : t('calc.line.commonNone'),
                    },
                  ]),
            ]}
          />
          {forecast.findings.length === 0 ? (
            <p className={styles.note}>{t('calc.line.good')}</p>
          ) : (
            <Findings
              findings={forecast.findings.map((f) => ({ severity: f.severity, text: findingText(f) }))}
            />
          )}
        </>
      )}
    </Calculator>
  );
}

function RowNumber({
  label,
  text,
  onChange,
  limits: [min, max],
  unit,
}: {
  readonly label: string;
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly limits: readonly [number, number];
  readonly unit?: string;
}) {
  const t = useTranslator();
  const number = useNumbers();
  const isWrong = numberIn(text, min, max) === null;
  return (
    <Field
      label={label}
      unit={unit}
      error={isWrong ? t('calc.range', { min: number(min, 0), max: number(max, 0) }) : null}
    >
      {(control) => (
        <input
          {...control}
          inputMode="numeric"
          autoComplete="off"
          value={text}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
