'use client';
import type { UploadedMeters } from '@wattproof/contracts/api';
import { useState } from 'react';
import { Button, LinkButton } from '../form/button.tsx';
import { Dialog, DialogButtons } from '../form/dialog.tsx';
import { FormError } from '../form/field.tsx';
import { FileField, tableType } from '../form/file-field.tsx';
import { useSubmit } from '../form/use-submit.ts';
import { useTranslator } from '../i18n/provider.tsx';
import { RowErrors } from '../table/row-errors.tsx';
import styles from './configuration.module.css';
import { Choice } from './meter-dialog.tsx';
import type { Plan } from './plan.ts';

/** Hundreds of meters at once: a table is downloaded, changed, checked by row, and put into the draft as a whole. */
export function TableDialog({
  gatewayId,
  onStored,
  onClose,
}: {
  readonly gatewayId: string;
  readonly onStored: (plan: Plan) => void;
  readonly onClose: () => void;
}) {
  const t = useTranslator();
  const { isBusy, error, send } = useSubmit<UploadedMeters>();
  const [file, setFile] = useState<File | null>(null);
  const [mode, setMode] = useState('add');
  const [outcome, setOutcome] = useState<UploadedMeters | null>(null);
  const path = `/gateways/${encodeURIComponent(gatewayId)}/configuration/meters`;
  const post = async (isDryRun: boolean): Promise<void> => {
    if (!file) return;
    const answer = await send(`${path}?dryRun=${isDryRun}&mode=${mode}`, {
      method: 'POST',
      text: { body: file, type: tableType(file) },
    });
    setOutcome(answer.ok ? answer.value : null);
    if (answer.ok && answer.value.stored && answer.value.plan) onStored(answer.value.plan);
  };
  const isGood = outcome !== null && outcome.errors.length === 0;
  return (
    <Dialog title={t('configuration.table')} isWide onClose={onClose}>
      <p className={styles.note}>{t('configuration.tableText')}</p>
      <p>
        <LinkButton href={`/api/v1${path}`} download>
          {t('configuration.tableDownload')}
        </LinkButton>
      </p>
      <div className={styles.form}>
        <FileField
          label={t('configuration.tableFile')}
          accept=".csv,.xlsx"
          onFile={(chosen) => {
            setFile(chosen);
            setOutcome(null);
          }}
        />
        <Choice
          label={t('configuration.tableMode')}
          value={mode}
          onChange={(value) => {
            setMode(value);
            setOutcome(null);
          }}
          options={(['add', 'replace'] as const).map((id) => ({
            id,
            name: t(`configuration.tableMode.${id}`),
          }))}
        />
      </div>
      {error && <FormError>{error}</FormError>}
      {outcome && (
        <div role="status">
          {isGood ? (
            <p>
              {t('configuration.tableGood', {
                added: outcome.added,
                changed: outcome.changed,
                removed: outcome.removed,
              })}
            </p>
          ) : (
            <>
              <FormError>{t('configuration.tableBad', { errors: outcome.errors.length })}</FormError>
              <RowErrors name={t('configuration.tableErrors')} errors={outcome.errors} />
            </>
          )}
        </div>
      )}
      <DialogButtons>
        {isGood ? (
          <Button kind="primary" disabled={isBusy} onClick={() => void post(false)}>
            {t('configuration.tableStore')}
          </Button>
        ) : (
          <Button kind="primary" disabled={isBusy || !file} onClick={() => void post(true)}>
            {t('configuration.tableCheck')}
          </Button>
        )}
        <Button onClick={onClose}>{t('form.cancel')}</Button>
      </DialogButtons>
    </Dialog>
  );
}
