'use client';
import type { UploadedProfile } from '@wattproof/contracts/api';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Button } from '../form/button.tsx';
import { Dialog, DialogButtons } from '../form/dialog.tsx';
import { Field, FormError } from '../form/field.tsx';
import { FileField, tableType } from '../form/file-field.tsx';
import { useSubmit } from '../form/use-submit.ts';
import { useTranslator } from '../i18n/provider.tsx';
import { RowErrors } from '../table/row-errors.tsx';
import styles from './catalogue.module.css';

const about = ['name', 'title', 'maker', 'models', 'source'] as const;
type About = Readonly<Record<(typeof about)[number], string>>;
const labels = {
  name: 'catalogue.uploadName',
  title: 'catalogue.uploadTitle',
  maker: 'catalogue.maker',
  models: 'catalogue.uploadModels',
  source: 'catalogue.uploadSource',
} as const;
const helps = {
  name: 'catalogue.uploadNameHelp',
  models: 'catalogue.uploadModelsHelp',
  source: 'catalogue.uploadSourceHelp',
} as const;

/** Checks a maker's register table without storing anything, then stores it: as a whole or not at all. */
export function UploadDialog({ onClose }: { readonly onClose: () => void }) {
  const t = useTranslator();
  const router = useRouter();
  const { isBusy, error, send } = useSubmit<UploadedProfile>();
  const [file, setFile] = useState<File | null>(null);
  const [said, setSaid] = useState<About>({ name: '', title: '', maker: 'Legrand', models: '', source: '' });
  const [outcome, setOutcome] = useState<UploadedProfile | null>(null);
  const isComplete = file !== null && about.every((key) => said[key].trim() !== '');
  const change = (key: keyof About, text: string): void => {
    setSaid((all) => ({ ...all, [key]: text }));
    // What was checked is no longer what would be stored.
    setOutcome(null);
  };
  const post = async (isDryRun: boolean): Promise<void> => {
    if (!file) return;
    const query = new URLSearchParams({
      ...said,
      dryRun: String(isDryRun),
      fileName: file.name.slice(0, 200),
    });
    const answer = await send(`/device-profiles?${query}`, {
      method: 'POST',
      text: { body: file, type: tableType(file) },
    });
    setOutcome(answer.ok ? answer.value : null);
    if (answer.ok && answer.value.stored) {
      router.refresh();
      onClose();
    }
  };
  const profile = outcome?.profile;
  return (
    <Dialog title={t('catalogue.upload')} isWide onClose={onClose}>
      <p>{t('catalogue.uploadText')}</p>
      <div className={styles.form}>
        <div className={styles.whole}>
          <FileField
            label={t('catalogue.file')}
            help={t('catalogue.fileHelp')}
            accept=".csv,.xlsx"
            onFile={(chosen) => {
              setFile(chosen);
              setOutcome(null);
            }}
          />
        </div>
        {about.map((key) => (
          <Field key={key} label={t(labels[key])} help={key in helps ? t(helps[key as 'name']) : undefined}>
            {(control) => (
              <input
                {...control}
                autoComplete="off"
                value={said[key]}
                onChange={(event) => change(key, event.target.value)}
              />
            )}
          </Field>
        ))}
      </div>
      {error && <FormError>{error}</FormError>}
      {outcome && !isBusy && (
        <div className={styles.outcome} role="status">
          {profile ? (
            <p>
              {t('catalogue.checked', {
                points: profile.points.length,
                measurands: profile.measurands.length,
                attributes: outcome.attributes.length,
              })}
            </p>
          ) : (
            <>
              <FormError>{t('catalogue.refused', { errors: outcome.errors.length })}</FormError>
              <RowErrors name={t('catalogue.errors')} errors={outcome.errors} />
            </>
          )}
        </div>
      )}
      <DialogButtons>
        {profile ? (
          <Button kind="primary" disabled={isBusy} onClick={() => void post(false)}>
            {t('catalogue.store', { points: profile.points.length })}
          </Button>
        ) : (
          <Button kind="primary" disabled={isBusy || !isComplete} onClick={() => void post(true)}>
            {t(isBusy ? 'catalogue.checking' : 'catalogue.check')}
          </Button>
        )}
        <Button onClick={onClose}>{t('form.cancel')}</Button>
      </DialogButtons>
    </Dialog>
  );
}
