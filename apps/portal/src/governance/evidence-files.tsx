'use client';
import { type Adjustment, evidenceMediaTypes, greatestEvidenceFiles } from '@wattproof/contracts/api';
import { formatBytes, formatInstant, quantityText } from '@wattproof/messages';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Field, FormError } from '../form/field.tsx';
import { useSubmit } from '../form/use-submit.ts';
import { useTranslator } from '../i18n/provider.tsx';
import styles from './governance.module.css';

type EvidenceFile = Adjustment['evidenceFiles'][number];

/** What the file chooser offers. */
export const acceptedFiles = [...evidenceMediaTypes, '.csv', '.xlsx'].join(',');

/** Type of a file by what the browser says, or by its name where it says nothing of use. */
export function mediaTypeOf({ name, type }: { readonly name: string; readonly type: string }): string {
  const named = evidenceMediaTypes.find((known) => known === type);
  if (named) return named;
  const ending = name.toLowerCase().split('.').at(-1);
  if (ending === 'csv') return 'text/csv';
  if (ending === 'xlsx') return 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
  return type || 'application/octet-stream';
}

export const evidencePath = (adjustmentId: string, file: File): string =>
  `/adjustments/${adjustmentId}/files?${new URLSearchParams({ fileName: file.name.slice(0, 200) })}`;

/** Files of a dossier with their fingerprints; evidence may be added as long as the dossier counts. */
export function EvidenceFiles({
  adjustment,
  timeZone,
  mayWrite,
}: {
  readonly adjustment: Adjustment;
  readonly timeZone: string;
  readonly mayWrite: boolean;
}) {
  const t = useTranslator();
  const router = useRouter();
  const { isBusy, error, send } = useSubmit<Adjustment>();
  const [files, setFiles] = useState(adjustment.evidenceFiles);
  const isOpen = adjustment.state === 'proposed' || adjustment.state === 'approved';
  const add = async (file: File): Promise<void> => {
    const answer = await send(evidencePath(adjustment.id, file), {
      method: 'POST',
      text: { body: file, type: mediaTypeOf(file) },
    });
    if (!answer.ok) return;
    setFiles(answer.value.evidenceFiles);
    router.refresh();
  };
  return (
    <div className={styles.files}>
      <h3>{t('adjustment.files')}</h3>
      {files.length === 0 ? (
        <p className={styles.quiet}>{t('adjustment.filesNone')}</p>
      ) : (
        <ul>
          {files.map((file) => (
            <li key={`${file.id} ${file.sha256}`}>
              <FileLine file={file} adjustmentId={adjustment.id} timeZone={timeZone} />
            </li>
          ))}
        </ul>
      )}
      {mayWrite && isOpen && files.length < greatestEvidenceFiles && (
        <Field label={t('adjustment.addFile')} help={t('adjustment.fileHelp')}>
          {(control) => (
            <input
              {...control}
              type="file"
              accept={acceptedFiles}
              disabled={isBusy}
              onClick={(event) => {
                // The same file may be chosen again after it was refused.
                event.currentTarget.value = '';
              }}
              onChange={(event) => {
                const file = event.target.files?.[0];
                if (file) void add(file);
              }}
            />
          )}
        </Field>
      )}
      {isBusy && <p role="status">{t('adjustment.fileSending')}</p>}
      {error && <FormError>{error}</FormError>}
    </div>
  );
}

function FileLine({
  file,
  adjustmentId,
  timeZone,
}: {
  readonly file: EvidenceFile;
  readonly adjustmentId: string;
  readonly timeZone: string;
}) {
  const t = useTranslator();
  return (
    <>
      {file.id === null ? (
        <span>{file.name}</span>
      ) : (
        <a href={`/api/v1/adjustments/${adjustmentId}/files/${file.id}`} download>
          {file.name}
        </a>
      )}
      <small>
        {file.id === null || file.addedAt === null || file.size_bytes === null
          ? t('adjustment.fileElsewhere')
          : t('adjustment.fileKept', {
              size: quantityText(formatBytes(t.locale, file.size_bytes)),
              name: file.addedBy ?? t('enb.system'),
              at: formatInstant(t.locale, timeZone, file.addedAt, 'dateTime'),
            })}
      </small>
      <code>
        {t('audit.fingerprint')} {file.sha256}
      </code>
    </>
  );
}
