'use client';
import type { AuditDossierView } from '@wattproof/contracts/api';
import { type FormEvent, useState } from 'react';
import { Section } from '../figure/section.tsx';
import { Button } from '../form/button.tsx';
import { Field, FormError } from '../form/field.tsx';
import { useSubmit } from '../form/use-submit.ts';
import { useTranslator } from '../i18n/provider.tsx';
import styles from './dossier.module.css';

/** Who alone may sign the reports of the audit. */
export function AuditorSection({
  auditId,
  dossier,
  mayName,
  onNamed,
}: {
  readonly auditId: string;
  readonly dossier: Pick<AuditDossierView, 'auditor' | 'auditors'>;
  readonly mayName: boolean;
  readonly onNamed: (auditor: AuditDossierView['auditor']) => void;
}) {
  const t = useTranslator();
  const { isBusy, error, send } = useSubmit<AuditDossierView>();
  const { auditor, auditors } = dossier;
  const [userId, setUserId] = useState(auditor?.userId ?? auditors[0]?.userId ?? '');
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const answer = await send(`/audits/${auditId}/auditor`, { method: 'PUT', json: { userId } });
    if (answer.ok) onNamed(answer.value.auditor);
  };
  return (
    <Section title={t('dossier.auditor')} basis={auditor?.name ?? t('dossier.auditorNone')}>
      <p className={styles.note}>{t('dossier.auditorHelp')}</p>
      {mayName && auditors.length === 0 && <p className={styles.note}>{t('dossier.auditorsNone')}</p>}
      {mayName && auditors.length > 0 && (
        <form onSubmit={submit} className={styles.fields}>
          <Field label={t('dossier.auditor')}>
            {(control) => (
              <select {...control} value={userId} onChange={(e) => setUserId(e.target.value)}>
                {auditors.map((one) => (
                  <option key={one.userId} value={one.userId}>
                    {one.name} ({one.email})
                  </option>
                ))}
              </select>
            )}
          </Field>
          <div className={styles.buttons}>
            <Button type="submit" disabled={isBusy || userId === auditor?.userId}>
              {t('dossier.auditorName')}
            </Button>
          </div>
        </form>
      )}
      {error && <FormError>{error}</FormError>}
    </Section>
  );
}
