'use client';
import type { Retention, Storage } from '@wattproof/contracts/api';
import {
  formatBytes,
  formatDuration,
  formatInstant,
  formatNumber,
  type PortalTranslator,
  quantityText,
} from '@wattproof/messages';
import Link from 'next/link';
import { Scale } from '../figure/scale.tsx';
import { Section, Verdict } from '../figure/section.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { State } from '../state/state.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import styles from './data.module.css';
import { RetentionForm } from './retention-form.tsx';

type ClassRow = Storage['classes'][number];

export const bytesText = (t: PortalTranslator, bytes: number | null): string =>
  bytes === null ? '—' : quantityText(formatBytes(t.locale, bytes));

/** What the organisation's data takes, how it grows, where that leads, and how long it is kept. */
export function StorageView({
  storage,
  retention,
  timeZone,
  mayWrite,
}: {
  readonly storage: Storage;
  readonly retention: Retention;
  readonly timeZone: string;
  readonly mayWrite: boolean;
}) {
  const t = useTranslator();
  const year = storage.forecast.reduce<Storage['forecast'][number] | null>(
    (longest, f) => (longest === null || f.months > longest.months ? f : longest),
    null,
  );
  return (
    <>
      <Verdict
        title={
          storage.measuredAt === null
            ? t('data.titleUnknown')
            : year
              ? t('data.titleForecast', {
                  bytes: bytesText(t, storage.bytes),
                  later: bytesText(t, year.bytes),
                  months: year.months,
                })
              : t('data.title', { bytes: bytesText(t, storage.bytes) })
        }
        aside={<Link href="/settings">{t('data.back')}</Link>}
      >
        {storage.growth_bytes_per_day === null
          ? t('data.growthUnknown')
          : t('data.growth', { bytes: bytesText(t, storage.growth_bytes_per_day) })}{' '}
        {storage.measuredAt &&
          t('data.measuredAt', {
            time: formatInstant(t.locale, timeZone, storage.measuredAt, 'dateTimeShort'),
          })}
      </Verdict>
      <div className={styles.sections}>
        {year && <Forecast storage={storage} timeZone={timeZone} />}
        <Section title={t('data.classes')} basis={t('data.classesBasis')}>
          <DataTable
            id="classes"
            name={t('data.classes')}
            columns={classColumns(t, timeZone)}
            rows={storage.classes}
            rowKey={(c) => c.class}
            withTools={false}
            empty={
              <State title={t('data.titleUnknown')} level={3}>
                <p>{t('data.growthUnknown')}</p>
              </State>
            }
          />
        </Section>
        <RetentionForm retention={retention} timeZone={timeZone} mayWrite={mayWrite} />
        <Chunks storage={storage} timeZone={timeZone} />
      </div>
    </>
  );
}

/** Where the growth leads, on a scale that ends there. */
function Forecast({ storage, timeZone }: { readonly storage: Storage; readonly timeZone: string }) {
  const t = useTranslator();
  const most = Math.max(storage.bytes, ...storage.forecast.map((f) => f.bytes));
  const { unit } = formatBytes(t.locale, most);
  const factor = unitFactor(unit);
  return (
    <Section title={t('data.forecast')} basis={t('data.forecastBasis')}>
      <Scale
        max={most / factor}
        value={storage.bytes / factor}
        unit={unit}
        format={(v) => formatNumber(t.locale, v)}
        label={t('data.scaleSaid', { bytes: bytesText(t, storage.bytes), most: bytesText(t, most) })}
      />
      <dl className={styles.forecast}>
        {storage.forecast.map((f) => (
          <div key={f.months}>
            <dt>{t('data.in', { months: f.months })}</dt>
            <dd>
              {bytesText(t, f.bytes)} <small>{formatInstant(t.locale, timeZone, f.at, 'date')}</small>
            </dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}

const unitFactor = (unit: string): number => ({ TB: 1e12, GB: 1e9, MB: 1e6, kB: 1e3 })[unit] ?? 1;

function classColumns(t: PortalTranslator, timeZone: string): Column<ClassRow>[] {
  const name = (c: ClassRow): string => t(`data.class.${c.class}`);
  const count = (n: number | null): string => (n === null ? '—' : formatNumber(t.locale, Math.round(n)));
  const number = (
    id: string,
    head: string,
    text: (c: ClassRow) => string,
    sort: (c: ClassRow) => number | null,
  ): Column<ClassRow> => ({
    id,
    head,
    align: 'right',
    proof: { without: 'operation' },
    cell: text,
    text,
    sort,
  });
  const kept = (c: ClassRow): string =>
    c.keep_days === null ? t('data.forever') : t('data.days', { days: c.keep_days });
  const oldest = (c: ClassRow): string =>
    c.oldest === null ? '—' : formatInstant(t.locale, timeZone, c.oldest, 'date');
  return [
    { id: 'class', head: t('data.what'), phone: 'title', cell: name, sort: name, text: name },
    number(
      'rows',
      t('data.rows'),
      (c) => count(c.rows),
      (c) => c.rows,
    ),
    number(
      'bytes',
      t('data.size'),
      (c) => bytesText(t, c.bytes),
      (c) => c.bytes,
    ),
    { id: 'oldest', head: t('data.since'), cell: oldest, sort: (c) => c.oldest, text: oldest },
    number(
      'rowsPerDay',
      t('data.rowsPerDay'),
      (c) => count(c.growth_rows_per_day),
      (c) => c.growth_rows_per_day,
    ),
    number(
      'bytesPerDay',
      t('data.sizePerDay'),
      (c) => bytesText(t, c.growth_bytes_per_day),
      (c) => c.growth_bytes_per_day,
    ),
    { id: 'kept', head: t('data.kept'), cell: kept, sort: (c) => c.keep_days, text: kept },
  ];
}

function Chunks({ storage, timeZone }: { readonly storage: Storage; readonly timeZone: string }) {
  const t = useTranslator();
  const { licence } = storage;
  return (
    <Section title={t('data.installation')} basis={t('data.installationBasis')}>
      <dl className={styles.facts}>
        {storage.chunks.map((c) => (
          <div key={c.class}>
            <dt>{t(`data.class.${c.class}`)}</dt>
            <dd>
              {t('data.chunks', {
                count: c.count,
                width: formatDuration(t.locale, c.width_s),
                largest: bytesText(t, c.largest_bytes),
              })}{' '}
              {c.budget_bytes !== null && t('data.budget', { bytes: bytesText(t, c.budget_bytes) })}{' '}
              {c.preparedUntil !== null &&
                t('data.prepared', { date: formatInstant(t.locale, timeZone, c.preparedUntil, 'date') })}
            </dd>
          </div>
        ))}
        <div>
          <dt>{t('data.licence')}</dt>
          <dd>
            {t(`data.edition.${licence.edition}`)}{' '}
            {licence.columnstore
              ? t('data.columnstoreOn', { count: licence.packedChunks })
              : t('data.columnstoreOff')}
          </dd>
        </div>
      </dl>
    </Section>
  );
}
