'use client';
import type { UploadedProfile } from '@wattproof/contracts/api';
import { measurands } from '@wattproof/energy';
import { formatNumber } from '@wattproof/messages';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Choice } from '../configuration/meter-dialog.tsx';
import { Trust } from '../figure/trust.tsx';
import { Button } from '../form/button.tsx';
import { Dialog, DialogButtons } from '../form/dialog.tsx';
import { Field, FormError } from '../form/field.tsx';
import { useSubmit } from '../form/use-submit.ts';
import { useTranslator } from '../i18n/provider.tsx';
import { Icon } from '../icon/icon.tsx';
import { csvText } from '../table/csv.ts';
import styles from './catalogue.module.css';
import { checkRows, type MapRow, type MapType, mapTypes, mapUnits, meaningOf, tableOf } from './map-rows.ts';

const about = ['name', 'title', 'maker', 'models', 'source'] as const;
type About = Readonly<Record<(typeof about)[number], string>>;
const labels = {
  name: 'catalogue.uploadName',
  title: 'catalogue.uploadTitle',
  maker: 'catalogue.maker',
  models: 'catalogue.uploadModels',
  source: 'catalogue.uploadSource',
} as const;

const newRow = (id: number): MapRow => ({
  id,
  address: '',
  type: 'Unsigned long',
  scale: '1',
  unit: '',
  measurand: '',
  missing: '',
  example: '',
});

/** A register map made by hand, for a meter whose table is on paper: each row is checked and tried while it is typed. */
export function MapDialog({ onClose }: { readonly onClose: () => void }) {
  const t = useTranslator();
  const router = useRouter();
  const { isBusy, error, send } = useSubmit<UploadedProfile>();
  const [said, setSaid] = useState<About>({ name: '', title: '', maker: '', models: '', source: '' });
  const [order, setOrder] = useState<'highFirst' | 'lowFirst'>('highFirst');
  const [rows, setRows] = useState<readonly MapRow[]>([newRow(1)]);
  const known = { maker: said.maker, title: said.title, wordOrder: order };
  const checked = checkRows(rows, known);
  const isComplete =
    checked.ok &&
    about.every((key) => said[key].trim() !== '') &&
    /^[a-z0-9][a-z0-9-]{0,59}$/.test(said.name);
  const change = (id: number, part: Partial<MapRow>): void =>
    setRows((all) => all.map((row) => (row.id === id ? { ...row, ...part } : row)));
  const store = async (): Promise<void> => {
    const query = new URLSearchParams({
      ...said,
      wordOrder: order,
      dryRun: 'false',
      fileName: `${said.name}, form`,
    });
    const answer = await send(`/device-profiles?${query}`, {
      method: 'POST',
      text: { body: csvText(tableOf(rows)), type: 'text/csv' },
    });
    if (answer.ok && answer.value.stored) {
      router.refresh();
      onClose();
    }
  };
  return (
    <Dialog title={t('register.map')} isWide onClose={onClose}>
      <p>{t('register.mapText')}</p>
      <div className={styles.form}>
        {about.map((key) => (
          <Field
            key={key}
            label={t(labels[key])}
            help={key === 'name' ? t('catalogue.uploadNameHelp') : undefined}
          >
            {(control) => (
              <input
                {...control}
                autoComplete="off"
                value={said[key]}
                onChange={(event) => setSaid((all) => ({ ...all, [key]: event.target.value }))}
              />
            )}
          </Field>
        ))}
        <Choice
          label={t('register.mapOrder')}
          value={order}
          onChange={(value) => setOrder(value === 'lowFirst' ? 'lowFirst' : 'highFirst')}
          options={[
            { id: 'highFirst', name: t('register.order.ABCD') },
            { id: 'lowFirst', name: t('register.order.CDAB') },
          ]}
        />
      </div>
      {rows.map((row, i) => (
        <RowFields
          key={row.id}
          number={i + 1}
          row={row}
          reason={
            checked.ok || row.address === ''
              ? null
              : (checked.errors.find((e) => e.row === i + 2)?.reason ?? null)
          }
          meaning={meaningOf(row, known)}
          onChange={(part) => change(row.id, part)}
          onRemove={rows.length > 1 ? () => setRows((all) => all.filter((r) => r.id !== row.id)) : undefined}
        />
      ))}
      <Button
        kind="words"
        onClick={() => setRows((all) => [...all, newRow(Math.max(...all.map((r) => r.id)) + 1)])}
      >
        {t('register.mapAdd')}
      </Button>
      {error && <FormError>{error}</FormError>}
      <p>
        <Trust rung="documented" t={t} />
      </p>
      <DialogButtons>
        <Button kind="primary" disabled={isBusy || !isComplete} onClick={() => void store()}>
          {t('catalogue.store', { points: rows.length })}
        </Button>
        <Button onClick={onClose}>{t('form.cancel')}</Button>
      </DialogButtons>
    </Dialog>
  );
}

function RowFields({
  number,
  row,
  reason,
  meaning,
  onChange,
  onRemove,
}: {
  readonly number: number;
  readonly row: MapRow;
  readonly reason: string | null;
  readonly meaning: ReturnType<typeof meaningOf>;
  readonly onChange: (part: Partial<MapRow>) => void;
  readonly onRemove: (() => void) | undefined;
}) {
  const t = useTranslator();
  const text = (key: 'address' | 'scale' | 'missing' | 'example', label: string, help?: string) => (
    <Field label={label} help={help}>
      {(control) => (
        <input
          {...control}
          autoComplete="off"
          spellCheck={false}
          value={row[key]}
          onChange={(event) => onChange({ [key]: event.target.value })}
        />
      )}
    </Field>
  );
  return (
    <fieldset className={styles.mapRow} aria-label={t('register.mapRow', { row: number })}>
      {text('address', t('register.mapAddress'))}
      <Choice
        label={t('register.mapType')}
        value={row.type}
        onChange={(type) => onChange({ type: type as MapType })}
        options={Object.keys(mapTypes).map((id) => ({ id, name: id }))}
      />
      {text('scale', t('register.mapScale'))}
      <Choice
        label={t('register.mapUnit')}
        value={row.unit}
        onChange={(unit) => onChange({ unit })}
        options={mapUnits.map((id) => ({ id, name: id || '—' }))}
      />
      <Choice
        label={t('register.mapMeasurand')}
        value={row.measurand}
        none={t('register.mapMeasurandNone')}
        onChange={(measurand) => onChange({ measurand })}
        options={measurands.map(({ name }) => ({
          id: name,
          name: t.has(`measurand.${name}`) ? t(`measurand.${name}` as 'measurand.active_power_w') : name,
        }))}
      />
      {text('missing', t('register.mapMissing'), t('register.mapMissingHelp'))}
      <Field
        label={t('register.mapExample')}
        help={
          meaning === undefined
            ? t('register.mapExampleHelp')
            : meaning.value === null
              ? t('register.mapMeansNothing')
              : t('register.mapMeans', {
                  value: `${formatNumber(t.locale, meaning.value, { decimals: 3 })} ${meaning.unit}`,
                })
        }
      >
        {(control) => (
          <input
            {...control}
            autoComplete="off"
            spellCheck={false}
            value={row.example}
            onChange={(event) => onChange({ example: event.target.value })}
          />
        )}
      </Field>
      {onRemove && (
        <button
          type="button"
          className={styles.removeRow}
          aria-label={t('register.mapRemove', { row: number })}
          onClick={onRemove}
        >
          <Icon name="close" />
        </button>
      )}
      {reason && (
        <p className={styles.rowReason} role="alert">
          {reason}
        </p>
      )}
    </fieldset>
  );
}
