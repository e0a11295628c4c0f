'use client';
import type { CommandResult, Gateway } from '@wattproof/contracts/api';
import { byteOrders, codingsOf, registerNames } from '@wattproof/devices';
import { formatInstant, formatNumber, type PortalTranslator } from '@wattproof/messages';
import Link from 'next/link';
import { type FormEvent, useState } from 'react';
import { Choice } from '../configuration/meter-dialog.tsx';
import { usePolled } from '../field/polled.ts';
import { Section, Verdict } from '../figure/section.tsx';
import { Button } from '../form/button.tsx';
import { Field, FormError } from '../form/field.tsx';
import { useSubmit } from '../form/use-submit.ts';
import { useTranslator } from '../i18n/provider.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import { Frames } from './frames.tsx';
import styles from './register.module.css';
import type { RegisterDevice } from './register-devices.ts';
import { SunspecSearch } from './sunspec-search.tsx';
import { WriteParameter } from './write-parameter.tsx';

type By = 'address' | 'number' | 'hexadecimal';

/** A register as a person gives it, as a protocol address; null where it is none. */
function addressFrom(text: string, by: By): number | null {
  const bare = text.replace(/[\s\u202f\u00a0]/g, '');
  const value =
    by === 'hexadecimal'
      ? /^(0x)?[0-9a-f]{1,4}h?$/i.test(bare)
        ? Number.parseInt(bare.replace(/^0x/i, '').replace(/h$/i, ''), 16)
        : Number.NaN
      : /^\d{1,6}$/.test(bare)
        ? Number(bare) - (by === 'number' ? 1 : 0)
        : Number.NaN;
  return Number.isInteger(value) && value >= 0 && value <= 65_535 ? value : null;
}

/** Any register of any device, read now through its gateway, in every way in which its words may be meant. */
export function RegisterView({
  gateway,
  devices,
  initial,
  timeZone,
  mayWrite,
}: {
  readonly gateway: Gateway;
  readonly devices: readonly RegisterDevice[];
  readonly initial: { readonly commands: readonly CommandResult[] };
  readonly timeZone: string;
  readonly mayWrite: boolean;
}) {
  const t = useTranslator();
  const base = `/gateways/${encodeURIComponent(gateway.id)}/commands`;
  const { value, refresh } = usePolled(base, initial);
  const [result, setResult] = useState<CommandResult | null>(null);
  return (
    <>
      <Verdict title={t('register.title', { name: gateway.name })}>
        {t('register.lead')} {!gateway.online && `${t('register.offline')} `}
        {!mayWrite && `${t('register.readOnly')} `}
        <Link href={`/field/${encodeURIComponent(gateway.id)}`}>
          {t('configuration.backTo', { name: gateway.name })}
        </Link>
        {' · '}
        <Link href={`/field/${encodeURIComponent(gateway.id)}/configuration`}>{t('configuration.nav')}</Link>
      </Verdict>
      <div className={styles.sections}>
        {mayWrite && (
          <Section title={t('register.ask')} basis={t('register.askBasis')}>
            <ReadForm
              base={base}
              gateway={gateway}
              devices={devices}
              onResult={(answer) => {
                setResult(answer);
                void refresh();
              }}
            />
            {result && <Outcome result={result} t={t} />}
          </Section>
        )}
        {result && result.registers.length > 0 && (
          <Section title={t('register.values')} basis={t('register.valuesBasis')}>
            <Values result={result} devices={devices} />
          </Section>
        )}
        {result && result.exchanges.length > 0 && (
          <Section title={t('register.frames')} basis={t('register.framesBasis')}>
            <Frames result={result} gateway={gateway} />
          </Section>
        )}
        {mayWrite && (
          <WriteParameter
            base={base}
            gateway={gateway}
            devices={devices}
            onResult={(answer) => {
              setResult(answer);
              void refresh();
            }}
          />
        )}
        {mayWrite && <SunspecSearch base={base} gateway={gateway} onDone={() => void refresh()} />}
        <Section title={t('register.log')} basis={t('register.logBasis')}>
          <Log commands={value.commands} timeZone={timeZone} />
        </Section>
      </div>
    </>
  );
}

function ReadForm({
  base,
  gateway,
  devices,
  onResult,
}: {
  readonly base: string;
  readonly gateway: Gateway;
  readonly devices: readonly RegisterDevice[];
  readonly onResult: (result: CommandResult) => void;
}) {
  const t = useTranslator();
  const { isBusy, error, send } = useSubmit<CommandResult>();
  const [first] = devices;
  const [line, setLine] = useState(first?.line ?? gateway.lines[0]?.key ?? '');
  const [unit, setUnit] = useState(String(first?.unit ?? 1));
  const [by, setBy] = useState<By>('address');
  const [text, setText] = useState(String(first?.points[0]?.address ?? 0));
  const [count, setCount] = useState(String(first?.points[0]?.words ?? 2));
  const [functionCode, setFunctionCode] = useState(String(first?.functionCode ?? 3));
  const device = devices.find((d) => d.line === line && String(d.unit) === unit);
  const address = addressFrom(text, by);
  const words = /^\d{1,3}$/.test(count) ? Number(count) : 0;
  const isUnit = /^\d{1,3}$/.test(unit) && Number(unit) <= 255;
  const isRight = address !== null && words >= 1 && words <= 125 && isUnit && line !== '';
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    if (!isRight) return;
    const answer = await send(`${base}/read`, {
      method: 'POST',
      json: { line, unit: Number(unit), functionCode: Number(functionCode), address, words },
    });
    if (answer.ok) onResult(answer.value);
  };
  return (
    <form onSubmit={submit} noValidate>
      <div className={styles.form}>
        <Choice
          label={t('register.line')}
          value={line}
          onChange={setLine}
          options={gateway.lines.map(({ key, name }) => ({ id: key, name }))}
        />
        <Choice
          label={t('register.device')}
          value={device?.meterKey ?? ''}
          none={t('register.deviceOther')}
          onChange={(key) => {
            const chosen = devices.find((d) => d.meterKey === key);
            if (!chosen) return;
            setLine(chosen.line);
            setUnit(String(chosen.unit));
            setFunctionCode(String(chosen.functionCode));
          }}
          options={devices.map((d) => ({ id: d.meterKey, name: `${d.unit}, ${d.name}` }))}
        />
        <Field label={t('register.unit')} error={isUnit ? null : t('calc.range', { min: '0', max: '255' })}>
          {(control) => (
            <input
              {...control}
              inputMode="numeric"
              autoComplete="off"
              value={unit}
              onChange={(event) => setUnit(event.target.value)}
            />
          )}
        </Field>
        <Choice
          label={t('register.point')}
          value={device?.points.find((p) => p.address === address && String(p.words) === count)?.key ?? ''}
          none={t('register.pointNone')}
          onChange={(key) => {
            const point = device?.points.find((p) => p.key === key);
            if (!point) return;
            setBy('address');
            setText(String(point.address));
            setCount(String(point.words));
          }}
          options={(device?.points ?? []).map((p) => ({ id: p.key, name: `${p.address}, ${p.key}` }))}
        />
        <Choice
          label={t('register.by')}
          value={by}
          onChange={(next) => {
            const known = addressFrom(text, by);
            const chosen = next === 'number' || next === 'hexadecimal' ? next : 'address';
            setBy(chosen);
            if (known !== null)
              setText(
                chosen === 'hexadecimal'
                  ? registerNames(known).hexadecimal
                  : String(chosen === 'number' ? known + 1 : known),
              );
          }}
          options={(['address', 'number', 'hexadecimal'] as const).map((id) => ({
            id,
            name: t(`register.by.${id}`),
          }))}
        />
        <Field
          label={t('register.where')}
          help={
            address === null
              ? undefined
              : t('register.names', {
                  address: String(address),
                  number: String(address + 1),
                  hexadecimal: registerNames(address).hexadecimal,
                })
          }
          error={address === null ? t('register.whereWrong') : null}
        >
          {(control) => (
            <input
              {...control}
              autoComplete="off"
              className={styles.code}
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          )}
        </Field>
        <Field
          label={t('register.count')}
          error={words >= 1 && words <= 125 ? null : t('calc.range', { min: '1', max: '125' })}
        >
          {(control) => (
            <input
              {...control}
              inputMode="numeric"
              autoComplete="off"
              value={count}
              onChange={(event) => setCount(event.target.value)}
            />
          )}
        </Field>
        <Choice
          label={t('register.functionCode')}
          value={functionCode}
          onChange={setFunctionCode}
          options={(['3', '4'] as const).map((id) => ({ id, name: t(`register.functionCode.${id}`) }))}
        />
      </div>
      {error && <FormError>{error}</FormError>}
      <div className={styles.acts}>
        <Button kind="primary" type="submit" disabled={isBusy || !isRight || !gateway.online}>
          {t(isBusy ? 'register.reading' : 'register.readNow')}
        </Button>
      </div>
    </form>
  );
}

export const outcomeText = (t: PortalTranslator, result: CommandResult): string => {
  if (result.outcome === null) return t('register.outcome.none');
  if (result.outcome === 'done' && result.kind === 'write') return t('register.outcome.written');
  const took = result.exchanges.reduce((sum, e) => sum + e.took_ms, 0);
  return t(`register.outcome.${result.outcome}`, {
    took: formatNumber(t.locale, took, { decimals: 0 }),
    code: String(result.exceptionCode ?? '').padStart(2, '0'),
  });
};

function Outcome({ result, t }: { readonly result: CommandResult; readonly t: PortalTranslator }) {
  return (
    <p role="status" className={styles.outcome} data-good={result.outcome === 'done'}>
      {outcomeText(t, result)}
      {result.message && result.outcome !== 'done' ? `: ${result.message}` : ''}
    </p>
  );
}

interface ValueRow {
  readonly address: number;
  readonly word: number;
  readonly next: number | undefined;
  readonly meaning: string;
}

function Values({
  result,
  devices,
}: {
  readonly result: CommandResult;
  readonly devices: readonly RegisterDevice[];
}) {
  const t = useTranslator();
  const device = devices.find((d) => d.line === result.request.line && d.unit === result.request.unit);
  const rows = result.registers.flatMap(({ address, words }) =>
    words.map(
      (word, i): ValueRow => ({
        address: address + i,
        word,
        next: words[i + 1],
        meaning: device?.points.find((p) => p.address === address + i)?.key ?? '',
      }),
    ),
  );
  const integer = (value: number | bigint | undefined): string =>
    value === undefined ? '—' : formatNumber(t.locale, String(value), { decimals: 0 });
  const float = (value: number | null | undefined): string =>
    value === undefined
      ? '—'
      : value === null
        ? t('register.notFinite')
        : Math.abs(value) >= 1e-4 && Math.abs(value) < 1e12
          ? formatNumber(t.locale, String(Number(value.toPrecision(7))), { decimals: 4 })
          : value.toExponential(4);
  const pairOf = (row: ValueRow) => (row.next === undefined ? undefined : codingsOf([row.word, row.next]));
  const columns: Column<ValueRow>[] = [
    {
      id: 'register',
      head: t('register.address'),
      phone: 'title',
      cell: (r) => (
        <span className={styles.code}>
          {r.address}
          {r.meaning && ` ${r.meaning}`}
        </span>
      ),
      text: (r) => `${r.address} ${r.meaning}`,
    },
    {
      id: 'number',
      head: t('register.number'),
      align: 'right',
      proof: { without: 'count' },
      cell: (r) => <span className={styles.code}>{r.address + 1}</span>,
      text: (r) => String(r.address + 1),
    },
    {
      id: 'hexadecimal',
      head: t('register.hexadecimal'),
      align: 'right',
      proof: { without: 'count' },
      cell: (r) => <span className={styles.code}>{registerNames(r.address).hexadecimal}</span>,
      text: (r) => registerNames(r.address).hexadecimal,
    },
    {
      id: 'raw',
      head: t('register.raw'),
      align: 'right',
      proof: { without: 'operation' },
      cell: (r) => <span className={styles.code}>{codingsOf([r.word]).hexadecimal}</span>,
      text: (r) => codingsOf([r.word]).hexadecimal,
    },
    {
      id: 'unsigned',
      head: t('register.unsigned'),
      align: 'right',
      proof: { without: 'operation' },
      cell: (r) => integer(r.word),
      text: (r) => String(r.word),
    },
    {
      id: 'signed',
      head: t('register.signed'),
      align: 'right',
      proof: { without: 'operation' },
      cell: (r) => integer(codingsOf([r.word]).signed),
      text: (r) => String(codingsOf([r.word]).signed),
    },
  ];
  const pairs: Column<ValueRow>[] = [
    {
      id: 'pair',
      head: t('register.pairs'),
      phone: 'title',
      cell: (r) => (
        <span className={styles.code}>
          {r.address} {r.meaning}
        </span>
      ),
      text: (r) => `${r.address} ${r.meaning}`,
    },
    ...byteOrders.map(
      (order): Column<ValueRow> => ({
        id: order,
        head: t(`register.order.${order}`),
        align: 'right',
        proof: { without: 'operation' },
        cell: (r) => (
          <span className={styles.pair}>
            <span>{integer(pairOf(r)?.integers[order])}</span>
            <small>{float(pairOf(r)?.floats[order])}</small>
          </span>
        ),
        text: (r) => `${pairOf(r)?.integers[order] ?? ''} ${pairOf(r)?.floats[order] ?? ''}`,
      }),
    ),
  ];
  const withNext = rows.filter((r) => r.next !== undefined);
  return (
    <>
      <DataTable
        id="values"
        name={t('register.values')}
        columns={columns}
        rows={rows}
        rowKey={(r) => String(r.address)}
        withTools={rows.length > 8}
      />
      {withNext.length > 0 && (
        <DataTable
          id="pairs"
          name={t('register.pairs')}
          columns={pairs}
          rows={withNext}
          rowKey={(r) => String(r.address)}
          withTools={withNext.length > 8}
        />
      )}
    </>
  );
}

function Log({
  commands,
  timeZone,
}: {
  readonly commands: readonly CommandResult[];
  readonly timeZone: string;
}) {
  const t = useTranslator();
  const what = (c: CommandResult): string =>
    t(`register.kind.${c.kind}`, {
      unit: String(c.request.unit ?? ''),
      address: String(c.request.address ?? ''),
      words: Array.isArray(c.request.words) ? c.request.words.join(' ') : String(c.request.words ?? ''),
    });
  const came = (c: CommandResult): string => {
    const words = c.registers.flatMap((r) => r.words);
    return c.outcome === 'done' && words.length > 0 && words.length <= 8
      ? words.map((w) => w.toString(16).toUpperCase().padStart(4, '0')).join(' ')
      : outcomeText(t, c);
  };
  const columns: Column<CommandResult>[] = [
    {
      id: 'what',
      head: t('register.what'),
      phone: 'title',
      cell: what,
      text: what,
    },
    {
      id: 'at',
      head: t('register.at'),
      cell: (c) => formatInstant(t.locale, timeZone, c.at, 'dateTime'),
      sort: (c) => c.at,
      text: (c) => c.at,
    },
    { id: 'who', head: t('register.who'), cell: (c) => c.by, sort: (c) => c.by, text: (c) => c.by },
    {
      id: 'came',
      head: t('register.came'),
      cell: (c) => <span className={styles.code}>{came(c)}</span>,
      text: came,
    },
  ];
  return (
    <DataTable
      id="commands"
      name={t('register.log')}
      columns={columns}
      rows={commands}
      rowKey={(c) => c.id}
      withTools={commands.length > 8}
      empty={t('register.logNone')}
    />
  );
}
