'use client';
import { formatLocalDate } from '@wattproof/messages';
import { useState } from 'react';
import { LinkButton } from '../form/button.tsx';
import { Dialog, DialogButtons } from '../form/dialog.tsx';
import { Field } from '../form/field.tsx';
import { instantsOfWall } from '../form/local-instant.ts';
import { useTranslator } from '../i18n/provider.tsx';
import { addDays } from '../shell/period.ts';
import styles from './meter.module.css';

const formats = ['csvEn', 'csvLocal', 'parquet'] as const;
type Format = (typeof formats)[number];
const formatTitles = {
  csvEn: 'meter.exportCsvEn',
  csvLocal: 'meter.exportCsvLocal',
  parquet: 'meter.exportParquet',
} as const;
const formatQueries: Readonly<Record<Format, Readonly<Record<string, string>>>> = {
  csvEn: { format: 'csv' },
  csvLocal: { format: 'csv', separator: 'semicolon', decimal: 'comma' },
  parquet: { format: 'parquet' },
};
const resolutions = ['base', 'hour', 'day', 'month'] as const;

/** Address of an export, from local midnight to local midnight. */
export function exportHref(
  what: 'readings' | (typeof resolutions)[number],
  {
    meterId,
    from,
    to,
    timeZone,
    format,
  }: {
    readonly meterId: number;
    readonly from: string;
    /** Last day, included. */
    readonly to: string;
    readonly timeZone: string;
    readonly format: Format;
  },
): string {
  const midnight = (date: string): string => {
    const wall = Date.parse(`${date}T00:00Z`);
    // Where the clock skips midnight the day begins an hour later.
    const [at = wall] = [...instantsOfWall(timeZone, wall), ...instantsOfWall(timeZone, wall + 3_600_000)];
    return new Date(at).toISOString();
  };
  const query = new URLSearchParams({
    meters: String(meterId),
    from: midnight(from),
    to: midnight(addDays(to, 1)),
    ...formatQueries[format],
    ...(what === 'readings' ? {} : { resolution: what }),
  });
  return `/api/v1/exports/${what === 'readings' ? 'readings' : 'intervals'}?${query}`;
}

/** Readings or intervals of the period as a file. The browser fetches it itself, so years do not pass through the page. */
export function ExportDialog({
  meterId,
  name,
  from: initialFrom,
  to: initialTo,
  timeZone,
  onClose,
}: {
  readonly meterId: number;
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly timeZone: string;
  readonly onClose: () => void;
}) {
  const t = useTranslator();
  const [what, setWhat] = useState<'readings' | (typeof resolutions)[number]>('readings');
  const [format, setFormat] = useState<Format>(t.locale === 'en' ? 'csvEn' : 'csvLocal');
  const [from, setFrom] = useState(initialFrom);
  const [to, setTo] = useState(initialTo);
  const isReversed = from === '' || to === '' || from > to;
  return (
    <Dialog title={t('meter.exportTitle', { name })} onClose={onClose}>
      <p>{t('meter.exportText')}</p>
      <div className={styles.columns}>
        <Field label={t('meter.exportWhat')}>
          {(control) => (
            <select
              {...control}
              value={what}
              onChange={(event) => setWhat(event.target.value as typeof what)}
            >
              <option value="readings">{t('meter.exportReadings')}</option>
              {resolutions.map((r) => (
                <option key={r} value={r}>
                  {t('meter.exportIntervals', { resolution: t(`explore.resolution.${r}`) })}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={t('meter.exportFormat')}>
          {(control) => (
            <select {...control} value={format} onChange={(event) => setFormat(event.target.value as Format)}>
              {formats.map((f) => (
                <option key={f} value={f}>
                  {t(formatTitles[f])}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={t('period.from')}>
          {(control) => (
            <input {...control} type="date" value={from} onChange={(event) => setFrom(event.target.value)} />
          )}
        </Field>
        <Field
          label={t('period.to')}
          error={
            isReversed
              ? t('meter.exportReversed', { from: from && formatLocalDate(t.locale, from, 'date') })
              : null
          }
        >
          {(control) => (
            <input {...control} type="date" value={to} onChange={(event) => setTo(event.target.value)} />
          )}
        </Field>
      </div>
      {!isReversed && (
        <DialogButtons>
          <LinkButton
            kind="primary"
            download
            href={exportHref(what, { meterId, from, to, timeZone, format })}
          >
            {t('meter.exportGet')}
          </LinkButton>
        </DialogButtons>
      )}
    </Dialog>
  );
}
