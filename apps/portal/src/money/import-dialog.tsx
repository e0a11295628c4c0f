'use client';
import type { BillImport } from '@wattproof/contracts/api';
import { formatLocalDate, formatMoney, formatNumber } from '@wattproof/messages';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Button } from '../form/button.tsx';
import { Dialog, DialogButtons } from '../form/dialog.tsx';
import { Field, FormError } from '../form/field.tsx';
import { FileField } from '../form/file-field.tsx';
import { useSubmit } from '../form/use-submit.ts';
import { useTranslator } from '../i18n/provider.tsx';
import { Icon } from '../icon/icon.tsx';
import { addDays } from '../shell/period.ts';
import { type Column, DataTable } from '../table/data-table.tsx';
import { ImportOutcome } from './import-outcome.tsx';
import styles from './money.module.css';

/** Columns of the file, as docs/guides/import-bills.md explains them. */
const columns =
  'delivery_point, number, period_from, period_to, quantity, unit, amount_ex_vat, currency, estimated, calorific_basis, energy_kwh, kind, corrects, issued_on, vat_amount, amount_inc_vat';

const mediaTypes: Readonly<Record<string, string>> = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  xml: 'application/xml',
  pdf: 'application/pdf',
};
const mediaTypeOf = (name: string): string =>
  mediaTypes[name.toLowerCase().split('.').at(-1) ?? ''] ?? 'text/csv';

/** Chooses a file, checks it without storing anything, then stores it: as a whole or not at all. */
export function ImportDialog({ onClose }: { readonly onClose: () => void }) {
  const t = useTranslator();
  const router = useRouter();
  const { isBusy, error, send } = useSubmit<BillImport>();
  const [file, setFile] = useState<File | null>(null);
  const [outcome, setOutcome] = useState<BillImport | null>(null);
  const [energyLines, setEnergyLines] = useState<readonly number[]>([]);
  const [isEstimated, setEstimated] = useState(false);
  const [reason, setReason] = useState('');
  const post = async (chosen: File, isDryRun: boolean, lines = energyLines): Promise<void> => {
    const query = new URLSearchParams({
      dryRun: String(isDryRun),
      fileName: chosen.name.slice(0, 200),
      estimated: String(isEstimated),
      ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
      ...(lines.length > 0 ? { energyLines: lines.join(',') } : {}),
    });
    const answer = await send(`/bill-imports?${query}`, {
      method: 'POST',
      text: { body: chosen, type: mediaTypeOf(chosen.name) },
    });
    setOutcome(answer.ok ? answer.value : null);
    if (answer.ok && !isDryRun) router.refresh();
  };
  const choose = (chosen: File | null): void => {
    setFile(chosen);
    setOutcome(null);
    setEnergyLines([]);
    setReason('');
    if (chosen) void post(chosen, true, []);
  };
  const question = outcome?.rejected.find(({ column }) => column === 'energy_lines');
  const isClosed = outcome?.rejected.some(({ column }) => column === 'reason') ?? false;
  const isStored = outcome !== null && !outcome.dryRun && outcome.rejected.length === 0;
  const canStore = outcome?.dryRun === true && outcome.rejected.length === 0 && outcome.rows > 0;
  return (
    <Dialog title={t('money.importTitle')} onClose={onClose} isWide>
      {!isStored && (
        <>
          <p className={styles.note}>{t('money.importText', { columns })}</p>
          <FileField
            label={t('money.file')}
            help={t('money.fileHelp')}
            accept=".csv,.xlsx,.xml,.pdf"
            className={styles.file}
            onFile={choose}
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
      {question && file && !isBusy && (
        <fieldset className={styles.question}>
          <legend>{t('money.energyLines')}</legend>
          <p className={styles.note}>{question.message}</p>
          {question.value
            .split(',')
            .map(Number)
            .map((position) => (
              <label key={position}>
                <input
                  type="checkbox"
                  checked={energyLines.includes(position)}
                  onChange={(event) =>
                    setEnergyLines(
                      event.target.checked
                        ? [...energyLines, position].sort((a, b) => a - b)
                        : energyLines.filter((other) => other !== position),
                    )
                  }
                />
                {t('money.energyLine', { position })}
              </label>
            ))}
          <Button disabled={energyLines.length === 0} onClick={() => void post(file, true)}>
            {t('money.checkAgain')}
          </Button>
        </fieldset>
      )}
      {file && mediaTypeOf(file.name) !== 'text/csv' && !isStored && (
        <label className={styles.check}>
          <input
            type="checkbox"
            checked={isEstimated}
            onChange={(event) => setEstimated(event.target.checked)}
          />
          {t('money.supplierEstimated')}
        </label>
      )}
      {(isClosed || reason !== '') && file && !isStored && (
        <div className={styles.question}>
          <Field label={t('money.restatement')} help={t('money.restatementHelp')}>
            {(control) => (
              <input
                {...control}
                value={reason}
                maxLength={500}
                onChange={(event) => setReason(event.target.value)}
              />
            )}
          </Field>
          <Button disabled={reason.trim() === '' || isBusy} onClick={() => void post(file, true)}>
            {t('money.checkAgain')}
          </Button>
        </div>
      )}
      {outcome && !isBusy && <ImportOutcome outcome={outcome} />}
      {outcome && !isBusy && outcome.preview.length > 0 && <Preview bills={outcome.preview} />}
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

type PreviewBill = BillImport['preview'][number];

/** The bills as they were read, before anything is stored. */
function Preview({ bills }: { readonly bills: readonly PreviewBill[] }) {
  const t = useTranslator();
  const date = (text: string): string => formatLocalDate(t.locale, text, 'date');
  const period = (b: PreviewBill): string =>
    t('period.span', { from: date(b.periodFrom), to: date(addDays(b.periodTo, -1)) });
  const columns: Column<PreviewBill>[] = [
    {
      id: 'number',
      head: t('money.number'),
      phone: 'title',
      cell: (b) => `${b.number}${b.kind === 'creditNote' ? `, ${t('money.kind.creditNote')}` : ''}`,
      text: (b) => b.number,
    },
    { id: 'period', head: t('money.period'), cell: period, text: period },
    {
      id: 'quantity',
      head: t('money.quantity'),
      align: 'right',
      proof: { without: 'stated' },
      cell: (b) => `${formatNumber(t.locale, b.quantity)}\u00a0${b.unit}`,
      text: (b) => `${b.quantity} ${b.unit}`,
    },
    {
      id: 'energy',
      head: t('money.energy'),
      align: 'right',
      proof: { without: 'stated' },
      cell: (b) => `${formatNumber(t.locale, b.energy_kwh)}\u00a0kWh`,
      text: (b) => b.energy_kwh,
    },
    {
      id: 'amount',
      head: t('money.amount'),
      align: 'right',
      proof: { without: 'stated' },
      cell: (b) => formatMoney(t.locale, b.amountExVat, { decimals: 2 }),
      text: (b) => b.amountExVat.amount,
    },
  ];
  return (
    <DataTable
      id="preview"
      name={t('money.preview')}
      columns={columns}
      rows={bills}
      rowKey={(b) => `${b.deliveryPointId} ${b.number}`}
      withTools={false}
    />
  );
}
