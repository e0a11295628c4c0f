'use client';
import type { FileImport, WeatherImport } from '@wattproof/contracts/api';
import { formatNumber } from '@wattproof/messages';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { findingText } from '../figure/finding-text.ts';
import { Button } from '../form/button.tsx';
import { Dialog, DialogButtons } from '../form/dialog.tsx';
import { Field, FormError } from '../form/field.tsx';
import { FileField } from '../form/file-field.tsx';
import { useSubmit } from '../form/use-submit.ts';
import { useTranslator } from '../i18n/provider.tsx';
import { Icon } from '../icon/icon.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import styles from './variable.module.css';

type Outcome = FileImport | WeatherImport;
type RowError = Outcome['errors'][number];

/** Formats of weather files, as their providers name them. */
const formats = ['csv', 'isdLite', 'meteostat'] as const;

/** Chooses a file, checks it without storing anything, then stores it as a whole or not at all; every bad row is named. */
export function FileImportDialog({
  title,
  text,
  path,
  isWeather,
  onClose,
}: {
  readonly title: string;
  readonly text: string;
  /** Path of the API that takes the file. */
  readonly path: string;
  readonly isWeather: boolean;
  readonly onClose: () => void;
}) {
  const t = useTranslator();
  const router = useRouter();
  const { isBusy, error, send } = useSubmit<Outcome>();
  const [file, setFile] = useState<File | null>(null);
  const [format, setFormat] = useState<(typeof formats)[number]>('csv');
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const post = async (chosen: File, as: string, isDryRun: boolean): Promise<void> => {
    const query = new URLSearchParams({
      dryRun: String(isDryRun),
      fileName: chosen.name.slice(0, 200),
      ...(isWeather ? { format: as } : {}),
    });
    const answer = await send(`${path}?${query}`, {
      method: 'POST',
      text: { body: chosen, type: 'text/csv' },
    });
    setOutcome(answer.ok ? answer.value : null);
    if (answer.ok && !isDryRun) router.refresh();
  };
  const choose = (chosen: File | null, as: (typeof formats)[number]): void => {
    setFile(chosen);
    setFormat(as);
    setOutcome(null);
    if (chosen) void post(chosen, as, true);
  };
  const isStored = outcome !== null && !outcome.dryRun && outcome.errors.length === 0;
  const canStore = outcome?.dryRun === true && outcome.errors.length === 0 && outcome.accepted > 0;
  return (
    <Dialog title={title} onClose={onClose} isWide>
      {!isStored && (
        <>
          <p className={styles.note}>{text}</p>
          {isWeather && (
            <Field label={t('weather.format')} help={format === 'csv' ? undefined : t('weather.formatNote')}>
              {(control) => (
                <select
                  {...control}
                  value={format}
                  onChange={(event) => choose(file, event.target.value as (typeof formats)[number])}
                >
                  {formats.map((f) => (
                    <option key={f} value={f}>
                      {t(`weather.format.${f}`)}
                    </option>
                  ))}
                </select>
              )}
            </Field>
          )}
          <FileField
            label={t('variable.file')}
            help={t('money.fileHelp')}
            accept=".csv,.txt,text/csv,text/plain"
            className={styles.file}
            onFile={(chosen) => choose(chosen, format)}
          />
        </>
      )}
      {isBusy && (
        <p className={styles.busy} role="status">
          <Icon name="busy" />
          {t(outcome?.dryRun ? 'money.storing' : 'money.checking')}
        </p>
      )}
      {error && <FormError>{error}</FormError>}
      {outcome && !isBusy && <OutcomeView outcome={outcome} />}
      <DialogButtons>
        {isStored ? (
          <Button kind="primary" onClick={onClose}>
            {t('money.importDone')}
          </Button>
        ) : (
          <>
            {canStore && file && (
              <Button kind="primary" disabled={isBusy} onClick={() => void post(file, format, false)}>
                {t('variable.store', { count: outcome.accepted })}
              </Button>
            )}
            <Button onClick={onClose}>{t('form.cancel')}</Button>
          </>
        )}
      </DialogButtons>
    </Dialog>
  );
}

function OutcomeView({ outcome }: { readonly outcome: Outcome }) {
  const t = useTranslator();
  const number = (n: number): string => formatNumber(t.locale, n);
  const columns: Column<RowError>[] = [
    {
      id: 'row',
      head: t('money.row'),
      phone: 'title',
      cell: (e) => number(e.row),
      sort: (e) => e.row,
      text: (e) => String(e.row),
    },
    {
      id: 'column',
      head: t('money.column'),
      cell: (e) => e.column || '—',
      sort: (e) => e.column,
      text: (e) => e.column,
    },
    {
      id: 'reason',
      head: t('money.reason'),
      cell: (e) => findingText(e, t),
      text: (e) => findingText(e, t),
    },
  ];
  return (
    <div className={styles.outcome} role="status">
      <p className={styles.counts} data-bad={outcome.errors.length > 0 || undefined}>
        <Icon name={outcome.errors.length > 0 ? 'critical' : 'check'} />
        <span>
          {t(outcome.dryRun ? 'variable.checked' : 'variable.stored', {
            file: outcome.fileName,
            rows: number(outcome.rows),
            accepted: number(outcome.accepted),
            replaced: number(outcome.replaced),
            errors: number(outcome.errors.length),
          })}{' '}
          {outcome.from && outcome.to && t('variable.span', { from: outcome.from, to: outcome.to })}{' '}
          {'fillable' in outcome &&
            t('weather.gaps', { fillable: number(outcome.fillable), missing: number(outcome.missing) })}{' '}
          {outcome.errors.length > 0 ? t('money.mendFirst') : outcome.dryRun ? t('money.nothingStored') : ''}
        </span>
      </p>
      {outcome.findings.map((f) => (
        <p key={`${f.code} ${f.message}`} className={styles.note}>
          {findingText(f, t)}
        </p>
      ))}
      {outcome.errors.length > 0 && (
        <DataTable
          id="import-errors"
          name={t('money.rejected')}
          columns={columns}
          rows={outcome.errors}
          rowKey={(e) => `${e.row} ${e.column} ${e.code}`}
          withTools={outcome.errors.length > 6}
        />
      )}
    </div>
  );
}
