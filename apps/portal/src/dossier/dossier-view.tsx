'use client';
import type { AuditDossierView, AuditSummary } from '@wattproof/contracts/api';
import {
  type AuditDossier,
  conductFields,
  openStatementsOf,
  type ReportSection,
  reportSections,
} from '@wattproof/energy';
import { formatInstant } from '@wattproof/messages';
import { useEffect, useState } from 'react';
import { Section, Verdict } from '../figure/section.tsx';
import { Button, LinkButton } from '../form/button.tsx';
import { Field, FormError } from '../form/field.tsx';
import { useSubmit } from '../form/use-submit.ts';
import { useTranslator } from '../i18n/provider.tsx';
import { AuditorSection } from './auditor-section.tsx';
import styles from './dossier.module.css';
import { itemLists } from './item-field.ts';
import { ItemSection } from './item-section.tsx';
import { PhotoSection } from './photo-section.tsx';

/** What people state for the report: saved as one version, from the one that was read. */
export function DossierView({
  audit,
  dossier,
  timeZone,
  mayWrite,
  mayName,
}: {
  readonly audit: Pick<AuditSummary, 'id' | 'name' | 'legalEntityName'>;
  readonly dossier: AuditDossierView;
  readonly timeZone: string;
  readonly mayWrite: boolean;
  readonly mayName: boolean;
}) {
  const t = useTranslator();
  const { isBusy, error, problem, send } = useSubmit<AuditDossierView>();
  const [stored, setStored] = useState(dossier);
  const [content, setContent] = useState<AuditDossier>(dossier.content);
  const [section, setSection] = useState<ReportSection>('summary');
  const isChanged = content !== stored.content;
  const open = openStatementsOf(content);
  const change = (part: Partial<AuditDossier>): void => setContent((before) => ({ ...before, ...part }));
  useEffect(() => {
    if (!isChanged) return;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [isChanged]);
  const save = async (): Promise<void> => {
    const answer = await send(`/audits/${audit.id}/dossier`, {
      method: 'PUT',
      json: { version: stored.version, content },
    });
    if (!answer.ok) return;
    setStored(answer.value);
    setContent(answer.value.content);
  };
  return (
    <>
      <Verdict
        title={t('dossier.title', { count: open.length })}
        aside={
          <>
            <p>{audit.legalEntityName}</p>
            <p>
              <LinkButton kind="words" href={`/audit/${audit.id}`}>
                {audit.name}
              </LinkButton>
            </p>
          </>
        }
      >
        {t('dossier.lead')}
      </Verdict>
      <div className={styles.sections}>
        {open.length > 0 && (
          <Section title={t('dossier.open')}>
            <ul className={styles.open}>
              {open.map((statement) => (
                <li key={statement}>{t(`dossier.open.${statement}`)}</li>
              ))}
            </ul>
          </Section>
        )}
        <AuditorSection
          auditId={audit.id}
          dossier={stored}
          mayName={mayName}
          onNamed={(auditor) => setStored((before) => ({ ...before, auditor }))}
        />
        <Section title={t('dossier.conductHead')}>
          <div className={styles.pairs}>
            {conductFields.map((field) => (
              <Field key={field} label={t(`dossier.conduct.${field}`)}>
                {(control) => (
                  <textarea
                    {...control}
                    readOnly={!mayWrite}
                    maxLength={20_000}
                    value={content.conduct[field] ?? ''}
                    onChange={(e) => change({ conduct: { ...content.conduct, [field]: e.target.value } })}
                  />
                )}
              </Field>
            ))}
          </div>
        </Section>
        {itemLists.map((list) => (
          <ItemSection
            key={list}
            list={list}
            items={content[list]}
            sites={stored.sites}
            given={{ currency: stored.currency }}
            mayWrite={mayWrite}
            onChange={(items) => change({ [list]: items })}
          />
        ))}
        <Section title={t('dossier.texts')} proof={{ without: 'stated' }}>
          <div className={styles.form}>
            <Field label={t('dossier.section')}>
              {(control) => (
                <select
                  {...control}
                  value={section}
                  onChange={(e) =>
                    setSection(reportSections.find((one) => one === e.target.value) ?? 'summary')
                  }
                >
                  {reportSections.map((one) => (
                    <option key={one} value={one}>
                      {t(`dossier.section.${one}`)}
                    </option>
                  ))}
                </select>
              )}
            </Field>
            <Field label={t('dossier.sectionText')} help={t('dossier.sectionHelp')}>
              {(control) => (
                <textarea
                  {...control}
                  rows={8}
                  readOnly={!mayWrite}
                  maxLength={20_000}
                  value={content.texts[section] ?? ''}
                  onChange={(e) => change({ texts: { ...content.texts, [section]: e.target.value } })}
                />
              )}
            </Field>
            <PhotoSection
              auditId={audit.id}
              section={section}
              photos={stored.photos}
              sites={stored.sites}
              mayWrite={mayWrite}
              onChange={(photos) => setStored((before) => ({ ...before, photos: [...photos] }))}
            />
          </div>
        </Section>
      </div>
      <div className={styles.bar} data-standing={!isChanged || undefined}>
        {mayWrite ? (
          <Button kind="primary" disabled={isBusy || !isChanged} onClick={save}>
            {t('dossier.save')}
          </Button>
        ) : (
          <p className={styles.note}>{t('dossier.readOnly')}</p>
        )}
        <p className={styles.note} role="status">
          {isChanged
            ? t('dossier.unsaved')
            : stored.version !== dossier.version
              ? t('dossier.saved', { version: stored.version })
              : stored.updatedAt
                ? t('dossier.version', {
                    version: stored.version,
                    name: stored.updatedBy ?? '—',
                    date: formatInstant(t.locale, timeZone, stored.updatedAt, 'dateTime'),
                  })
                : t('dossier.versionNone')}
        </p>
        {error && <FormError>{problem?.code === 'conflict' ? t('dossier.conflict') : error}</FormError>}
      </div>
    </>
  );
}
