'use client';
import type { BillImport } from '@wattproof/contracts/api';
import { formatNumber } from '@wattproof/messages';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Button } from '../form/button.tsx';
import { Dialog, DialogButtons } from '../form/dialog.tsx';
import { Field, FormError } from '../form/field.tsx';
import { useSubmit } from '../form/use-submit.ts';
import { useTranslator } from '../i18n/provider.tsx';
import { Icon } from '../icon/icon.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import styles from './money.module.css';

/** Columns of the file, as docs/guides/import-bills.md explains them. */
const columns =
  'delivery_point, number, period_from, period_to, quantity, unit, amount_ex_vat, currency, estimated, calorific_basis, energy_kwh';

/** Chooses a file, checks it without storing anything, then stores it: as a whole or not at all. */
export function ImportDialog({ onClose }: { readonly onClose: () => void }) {
  const t = useTranslator();
  const router = useRouter();
  const { isBusy, error, send } = useSubmit<BillImport>();
  const [file, setFile] = useState<File | null>(null);
  const [outcome, setOutcome] = useState<BillImport | null>(null);
  const post = async (chosen: File, isDryRun: boolean): Promise<void> => {
    const query = new URLSearchParams({ dryRun: String(isDryRun), fileName: chosen.name.slice(0, 200) });
    const answer = await send(`/bill-imports?${query}`, {
      method: 'POST',
      text: { body: chosen, type: 'text/csv' },
    });
    setOutcome(answer.ok ? answer.value : null);
    if (answer.ok && !isDryRun) router.refresh();
  };
  const choose = (chosen: File | null): void => {
    setFile(chosen);
    setOutcome(null);
    if (chosen) void post(chosen, true);
  };
  const isStored = outcome !== null && !outcome.dryRun && outcome.rejected.length === 0;
  const canStore = outcome?.dryRun === true && outcome.rejected.length === 0 && outcome.rows > 0;
  return (
    <Dialog title={t('money.importTitle')} onClose={onClose} isWide>
      {!isStored && (
        <>
          <p className={styles.note}>{t('money.importText', { columns })}</p>
          <Field label={t('money.file')} help={t('money.fileHelp')}>
            {(control) => (
              <input
                {...control}
                type="file"
                accept=".csv,text/csv"
                className={styles.file}
                // The same file may be chosen again once it is mended.
                onClick={(event) => {
                  event.currentTarget.value = '';
                }}
                onChange={(event) => choose(event.target.files?.[0] ?? null)}
              />
            )}
          </Field>
        </>
      )}
      {isBusy && (
        <p className={styles.busy} role="status">
          <Icon name="busy" />
          {t(outcome?.dryRun ? 'money.storing' : 'money.checking')}
        </p>
      )}
      {error && <FormError>{error}</FormError>}
      {outcome && !isBusy && <Outcome outcome={outcome} />}
      <DialogButtons>
        {isStored ? (
          <Button kind="primary" onClick={onClose}>
            {t('money.importDone')}
          </Button>
        ) : (
          <>
            {canStore && file && (
              <Button kind="primary" disabled={isBusy} onClick={() => void post(file, false)}>
                {t('money.store', { rows: outcome.stored + outcome.unchanged })}
              </Button>
            )}
            <Button onClick={onClose}>{t('form.cancel')}</Button>
          </>
        )}
      </DialogButtons>
    </Dialog>
  );
}

type Rejection = BillImport['rejected'][number];

function Outcome({ outcome }: { readonly outcome: BillImport }) {
  const t = useTranslator();
  const counts = {
    file: outcome.fileName,
    rows: formatNumber(t.locale, outcome.rows),
    stored: formatNumber(t.locale, outcome.stored),
    unchanged: formatNumber(t.locale, outcome.unchanged),
    rejected: formatNumber(t.locale, outcome.rejected.length),
  };
  const rejectionColumns: Column<Rejection>[] = [
    {
      id: 'row',
      head: t('money.row'),
      phone: 'title',
      cell: (r) => formatNumber(t.locale, r.row),
      sort: (r) => r.row,
      text: (r) => String(r.row),
    },
    {
      id: 'column',
      head: t('money.column'),
      cell: (r) => r.column,
      sort: (r) => r.column,
      text: (r) => r.column,
    },
    {
      id: 'value',
      head: t('money.value'),
      cell: (r) => <span className={styles.value}>{r.value || '—'}</span>,
      text: (r) => r.value,
    },
    { id: 'reason', head: t('money.reason'), cell: (r) => r.message, text: (r) => r.message },
  ];
  return (
    <div className={styles.outcome} role="status">
      <p className={styles.counts} data-rejected={outcome.rejected.length > 0 || undefined}>
        <Icon name={outcome.rejected.length > 0 ? 'critical' : 'check'} />
        <span>
          {t(outcome.dryRun ? 'money.checkedRows' : 'money.storedRows', counts)}
          {'. '}
          {outcome.rejected.length > 0
            ? t('money.mendFirst')
            : outcome.dryRun
              ? t('money.nothingStored')
              : ''}
        </span>
      </p>
      {outcome.rejected.length > 0 && (
        <DataTable
          id="rejected"
          name={t('money.rejected')}
          columns={rejectionColumns}
          rows={outcome.rejected}
          rowKey={(r) => `${r.row} ${r.column} ${r.message}`}
          withTools={outcome.rejected.length > 6}
        />
      )}
    </div>
  );
}
