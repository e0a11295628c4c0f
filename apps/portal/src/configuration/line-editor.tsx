'use client';
import { baudRates, parities } from '@wattproof/devices';
import { formatNumber, type PortalTranslator } from '@wattproof/messages';
import { useState } from 'react';
import { Trust } from '../figure/trust.tsx';
import { Button } from '../form/button.tsx';
import { Field } from '../form/field.tsx';
import { parseNumber } from '../form/parse-number.ts';
import { useTranslator } from '../i18n/provider.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import styles from './configuration.module.css';
import { Choice, MeterDialog } from './meter-dialog.tsx';
import {
  type Choices,
  type LineOfPlan,
  type MeterOfPlan,
  newMeter,
  type Plan,
  standardWire,
} from './plan.ts';
import { SeriesDialog } from './series-dialog.tsx';

/** One line of a plan with its meters. */
export function LineEditor({
  plan,
  line,
  choices,
  isLocked,
  onChange,
  onRemove,
}: {
  readonly plan: Plan;
  readonly line: LineOfPlan;
  readonly choices: Choices;
  readonly isLocked: boolean;
  readonly onChange: (line: LineOfPlan) => void;
  readonly onRemove: () => void;
}) {
  const t = useTranslator();
  const [edited, setEdited] = useState<{ readonly meter: MeterOfPlan; readonly at: number } | null>(null);
  const [isSeries, setSeries] = useState(false);
  const change = (part: Partial<LineOfPlan>): void => onChange({ ...line, ...part });
  const changeKind = (kind: string): void => {
    if (kind === 'serial') change({ place: { kind, path: '/dev/ttyUSB0' }, wire: line.wire ?? standardWire });
    else if (kind === 'tcp' || kind === 'rtuOverTcp')
      change({
        place: {
          kind,
          host: line.place.kind === 'serial' ? '' : line.place.host,
          port: line.place.kind === 'serial' ? 502 : line.place.port,
        },
        wire: kind === 'rtuOverTcp' ? (line.wire ?? standardWire) : null,
      });
  };
  const { place, wire } = line;
  const columns = useMeterColumns(
    choices,
    plan.pollPeriod_s,
    isLocked ? null : (meter) => setEdited({ meter, at: line.meters.indexOf(meter) }),
  );
  return (
    <details className={styles.line} open={line.name === '' || plan.lines.length === 1}>
      <summary>
        <strong>{line.name || line.key}</strong>{' '}
        <small>{`${lineText(t, line)}, ${t('configuration.metersCount', { count: line.meters.length })}`}</small>
      </summary>
      {!isLocked && (
        <div className={styles.head}>
          <TextField
            label={t('configuration.lineName')}
            value={line.name}
            onChange={(name) => change({ name })}
          />
          <TextField
            label={t('configuration.lineKey')}
            value={line.key}
            onChange={(key) => change({ key })}
          />
          <Choice
            label={t('configuration.kind')}
            value={place.kind}
            onChange={changeKind}
            options={(['serial', 'tcp', 'rtuOverTcp'] as const).map((id) => ({
              id,
              name: t(`configuration.kind.${id}`),
            }))}
          />
          {place.kind === 'serial' ? (
            <TextField
              label={t('configuration.path')}
              value={place.path}
              onChange={(path) => change({ place: { ...place, path } })}
            />
          ) : (
            <>
              <TextField
                label={t('configuration.host')}
                value={place.host}
                onChange={(host) => change({ place: { ...place, host } })}
              />
              <WholeField
                label={t('configuration.port')}
                value={place.port}
                limits={[1, 65_535]}
                onChange={(port) => change({ place: { ...place, port: port ?? 502 } })}
              />
            </>
          )}
          <WholeField
            label={t('configuration.timeout')}
            unit="ms"
            value={line.timeout_ms}
            limits={[50, 10_000]}
            onChange={(timeout_ms) => change({ timeout_ms: timeout_ms ?? 300 })}
          />
          {place.kind === 'tcp' && (
            <label className={styles.check}>
              <input
                type="checkbox"
                checked={wire !== null}
                onChange={(event) => change({ wire: event.target.checked ? standardWire : null })}
              />
              {t('configuration.behind')}
            </label>
          )}
          {wire && <WireFields wire={wire} onChange={(next) => change({ wire: next })} />}
        </div>
      )}
      <DataTable
        id={`meters-${line.key}`}
        name={`${t('configuration.meters')} ${line.name}`}
        columns={columns}
        rows={line.meters}
        rowKey={(m) => m.key}
        withTools={line.meters.length > 12}
        empty={t('configuration.meterNone')}
      />
      {!isLocked && (
        <div className={styles.acts}>
          <Button
            kind="words"
            onClick={() => setEdited({ meter: newMeter(plan, line, choices), at: line.meters.length })}
          >
            {t('configuration.meterAdd')}
          </Button>
          <Button kind="words" onClick={() => setSeries(true)}>
            {t('configuration.seriesAdd')}
          </Button>
          <Button kind="words" onClick={onRemove}>
            {t('configuration.lineRemove', { name: line.name || line.key })}
          </Button>
        </div>
      )}
      {edited && (
        <MeterDialog
          meter={edited.meter}
          isNew={edited.at >= line.meters.length}
          choices={choices}
          pollPeriod_s={plan.pollPeriod_s}
          onTake={(meter) => {
            change({
              meters: [...line.meters.slice(0, edited.at), meter, ...line.meters.slice(edited.at + 1)],
            });
            setEdited(null);
          }}
          {...(edited.at < line.meters.length
            ? {
                onRemove: () => {
                  change({ meters: line.meters.filter((_, i) => i !== edited.at) });
                  setEdited(null);
                },
              }
            : {})}
          onClose={() => setEdited(null)}
        />
      )}
      {isSeries && (
        <SeriesDialog
          line={line}
          template={newMeter(plan, line, choices)}
          choices={choices}
          pollPeriod_s={plan.pollPeriod_s}
          onTake={(meters) => {
            change({ meters: [...line.meters, ...meters] });
            setSeries(false);
          }}
          onClose={() => setSeries(false)}
        />
      )}
    </details>
  );
}

/** Where a line is plugged in and how it talks, in a few words. */
function lineText(t: PortalTranslator, { place, wire }: LineOfPlan): string {
  const where = place.kind === 'serial' ? place.path : `${place.host}:${place.port}`;
  const how = wire
    ? [
        wire.mode.toUpperCase(),
        formatNumber(t.locale, wire.baud, { decimals: 0 }),
        t(`calc.line.parity.${wire.parity}`),
        wire.stopBits,
      ].join(' ')
    : t(`configuration.kind.${place.kind}`);
  return `${where}, ${how}`;
}

function WireFields({
  wire,
  onChange,
}: {
  readonly wire: NonNullable<LineOfPlan['wire']>;
  readonly onChange: (wire: NonNullable<LineOfPlan['wire']>) => void;
}) {
  const t = useTranslator();
  return (
    <>
      <Choice
        label={t('calc.line.mode')}
        value={wire.mode}
        onChange={(mode) => onChange({ ...wire, mode: mode === 'ascii' ? 'ascii' : 'rtu' })}
        options={[
          { id: 'rtu', name: 'RTU' },
          { id: 'ascii', name: 'ASCII' },
        ]}
      />
      <Choice
        label={t('calc.line.baud')}
        value={String(wire.baud)}
        onChange={(baud) => onChange({ ...wire, baud: Number(baud) })}
        options={baudRates.map((baud) => ({
          id: String(baud),
          name: formatNumber(t.locale, baud, { decimals: 0 }),
        }))}
      />
      <Choice
        label={t('calc.line.parity')}
        value={wire.parity}
        onChange={(parity) => onChange({ ...wire, parity: parities.find((p) => p === parity) ?? 'none' })}
        options={parities.map((id) => ({ id, name: t(`calc.line.parity.${id}`) }))}
      />
      <Choice
        label={t('calc.line.stop')}
        value={String(wire.stopBits)}
        onChange={(stop) => onChange({ ...wire, stopBits: stop === '2' ? 2 : 1 })}
        options={['1', '2'].map((id) => ({ id, name: id }))}
      />
      <WholeField
        label={t('calc.line.length')}
        unit="m"
        value={wire.length_m}
        isOptional
        limits={[0, 20_000]}
        onChange={(length_m) => onChange({ ...wire, length_m })}
      />
      <WholeField
        label={t('calc.line.repeaters')}
        value={wire.repeaters}
        limits={[0, 7]}
        onChange={(repeaters) => onChange({ ...wire, repeaters: repeaters ?? 0 })}
      />
    </>
  );
}

function TextField({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  const t = useTranslator();
  return (
    <Field label={label} error={value.trim() === '' ? t('form.required') : null}>
      {(control) => (
        <input
          {...control}
          autoComplete="off"
          maxLength={200}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

/** A whole number; what is typed stays while it is wrong, and the plan keeps the last right one. */
export function WholeField({
  label,
  value,
  limits: [min, max],
  unit,
  help,
  isOptional = false,
  onChange,
}: {
  readonly label: string;
  readonly value: number | null;
  readonly limits: readonly [number, number];
  readonly unit?: string;
  readonly help?: string;
  readonly isOptional?: boolean;
  readonly onChange: (value: number | null) => void;
}) {
  const t = useTranslator();
  const [text, setText] = useState(value === null ? '' : String(value));
  const isRight = (candidate: string): boolean => {
    if (candidate.trim() === '') return isOptional;
    const number = parseNumber(candidate);
    return number !== null && Number.isInteger(number) && number >= min && number <= max;
  };
  return (
    <Field
      label={label}
      unit={unit}
      help={help}
      error={isRight(text) ? null : t('calc.range', { min: String(min), max: String(max) })}
    >
      {(control) => (
        <input
          {...control}
          inputMode="numeric"
          autoComplete="off"
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            if (isRight(event.target.value))
              onChange(event.target.value.trim() === '' ? null : parseNumber(event.target.value));
          }}
        />
      )}
    </Field>
  );
}

function useMeterColumns(
  choices: Choices,
  pollPeriod_s: number,
  open: ((meter: MeterOfPlan) => void) | null,
): Column<MeterOfPlan>[] {
  const t = useTranslator();
  const profileOf = (m: MeterOfPlan) => choices.profiles.find((p) => p.id === m.profileId);
  return [
    {
      id: 'name',
      head: t('configuration.name'),
      phone: 'title',
      cell: (m) => (
        <span className={styles.name}>
          {open ? (
            <button type="button" className={styles.open} onClick={() => open(m)}>
              {m.name || m.key}
            </button>
          ) : (
            <strong>{m.name || m.key}</strong>
          )}
          <small className={styles.code}>{m.key}</small>
        </span>
      ),
      sort: (m) => m.name,
      text: (m) => `${m.name} ${m.key}`,
    },
    {
      id: 'address',
      head: t('configuration.address'),
      align: 'right',
      proof: { without: 'count' },
      cell: (m) => <span className={styles.code}>{m.unit}</span>,
      sort: (m) => m.unit,
      text: (m) => String(m.unit),
    },
    {
      id: 'input',
      head: t('configuration.input'),
      align: 'right',
      proof: { without: 'count' },
      phone: 'hidden',
      cell: (m) => m.settings.input ?? '—',
      sort: (m) => m.settings.input ?? null,
      text: (m) => String(m.settings.input ?? ''),
    },
    {
      id: 'product',
      head: t('configuration.product'),
      phone: 'hidden',
      cell: (m) => m.product ?? '—',
      sort: (m) => m.product,
      text: (m) => m.product ?? '',
    },
    {
      id: 'profile',
      head: t('configuration.profile'),
      cell: (m) => profileOf(m)?.title ?? m.profileId,
      sort: (m) => m.profileId,
      text: (m) => profileOf(m)?.title ?? m.profileId,
    },
    {
      id: 'trust',
      head: t('field.trust'),
      cell: (m) => <Trust rung={profileOf(m)?.trust ?? null} t={t} />,
      text: (m) => profileOf(m)?.trust ?? '',
    },
    {
      id: 'period',
      head: t('calc.line.period'),
      align: 'right',
      proof: { without: 'stated' },
      phone: 'hidden',
      cell: (m) => `${m.period_s ?? pollPeriod_s} s`,
      sort: (m) => m.period_s ?? pollPeriod_s,
      text: (m) => String(m.period_s ?? pollPeriod_s),
    },
  ];
}
