'use client';
import type { AccountRowImport } from '@wattproof/contracts/api';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Button } from '../form/button.tsx';
import { Dialog, DialogButtons } from '../form/dialog.tsx';
import { Field, FormError } from '../form/field.tsx';
import { FileField, tableType } from '../form/file-field.tsx';
import { useSubmit } from '../form/use-submit.ts';
import { useTranslator } from '../i18n/provider.tsx';
import { ImportOutcome } from '../money/import-outcome.tsx';
import styles from './account.module.css';

/** Columns of the table, as docs/guides/import-account-rows.md explains them. */
const columns =
  'legal_entity, kind, carrier, reason, source, site, meter, energy_kwh, calorific_basis, valid_from, valid_to, limit_percent, counterpart';

/** Rows pasted from a spreadsheet or sent as a file: checked without storing anything, then stored as a whole or not at all. */
export function ImportRowsDialog({ onClose }: { readonly onClose: () => void }) {
  const t = useTranslator();
  const router = useRouter();
  const { isBusy, error, send } = useSubmit<AccountRowImport>();
  const [pasted, setPasted] = useState('');
  const [file, setFile] = useState<File | null>(null);
  const [outcome, setOutcome] = useState<AccountRowImport | null>(null);
  const table = file ?? new File([pasted], t('account.pasted'), { type: 'text/csv' });
  const post = async (chosen: File, isDryRun: boolean): Promise<void> => {
    const query = new URLSearchParams({ dryRun: String(isDryRun), fileName: chosen.name.slice(0, 200) });
    const answer = await send(`/account-row-imports?${query}`, {
      method: 'POST',
      text: { body: chosen, type: tableType(chosen) },
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
  const canStore = outcome?.dryRun === true && outcome.rejected.length === 0 && outcome.stored > 0;
  return (
    <Dialog title={t('account.importTitle')} onClose={onClose} isWide>
      {!isStored && (
        <>
          <p>{t('account.importText', { columns })}</p>
          <Field label={t('account.paste')} help={t('account.pasteHelp')}>
            {(control) => (
              <textarea
                {...control}
                className={styles.paste}
                rows={6}
                spellCheck={false}
                value={pasted}
                onChange={(event) => {
                  setPasted(event.target.value);
                  setFile(null);
                  setOutcome(null);
                }}
              />
            )}
          </Field>
          <FileField label={t('account.orFile')} accept=".csv,.txt,.xlsx" onFile={choose} />
        </>
      )}
      {error && <FormError>{error}</FormError>}
      {outcome && !isBusy && <ImportOutcome outcome={outcome} />}
      <DialogButtons>
        {isStored ? (
          <Button kind="primary" onClick={onClose}>
            {t('money.importDone')}
          </Button>
        ) : (
          <>
            {canStore ? (
              <Button kind="primary" disabled={isBusy} onClick={() => void post(table, false)}>
                {t('account.storeRows', { rows: outcome.stored })}
              </Button>
            ) : (
              <Button
                kind="primary"
                disabled={isBusy || (file === null && pasted.trim() === '')}
                onClick={() => void post(table, true)}
              >
                {t('account.check')}
              </Button>
            )}
            <Button onClick={onClose}>{t('form.cancel')}</Button>
          </>
        )}
      </DialogButtons>
    </Dialog>
  );
}
