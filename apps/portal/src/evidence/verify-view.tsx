'use client';
import type { Check, Verification } from '@wattproof/evidence';
import { formatNumber, formatPercent, quantityText } from '@wattproof/messages';
import { type DragEvent, useState } from 'react';
import { Section, Verdict } from '../figure/section.tsx';
import { Button, LinkButton } from '../form/button.tsx';
import { Field, FormError } from '../form/field.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { Icon } from '../icon/icon.tsx';
import styles from './evidence.module.css';

type Work =
  | { readonly state: 'idle' | 'tooLarge' | 'unreadable' }
  | { readonly state: 'running'; readonly checks: readonly Check[] }
  | { readonly state: 'done'; readonly verification: Verification };

/** A browser holds the file and its parts at once. */
const largest_bytes = 1_000_000_000;

/** Verification of a bundle in this browser: nothing leaves it. */
export function VerifyView() {
  const t = useTranslator();
  const [file, setFile] = useState<File | null>(null);
  const [fingerprint, setFingerprint] = useState('');
  const [anchor, setAnchor] = useState('');
  const [isOver, setOver] = useState(false);
  const [work, setWork] = useState<Work>({ state: 'idle' });
  const take = (taken: File | null): void => {
    setFile(taken);
    setWork({ state: taken && taken.size > largest_bytes ? 'tooLarge' : 'idle' });
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files[0] ?? null);
  };
  const verify = async (): Promise<void> => {
    if (!file) return;
    setWork({ state: 'running', checks: [] });
    let bytes: Uint8Array;
    try {
      bytes = new Uint8Array(await file.arrayBuffer());
    } catch {
      // The file was moved or changed since it was chosen: said in words, and it can be chosen again.
      setWork({ state: 'unreadable' });
      return;
    }
    const { verifyBundle } = await import('@wattproof/evidence');
    const checks: Check[] = [];
    const verification = await verifyBundle(
      bytes,
      { fingerprint: fingerprint.trim() || undefined, anchor: anchor.trim() || undefined },
      (check) => {
        checks.push(check);
        setWork({ state: 'running', checks: [...checks] });
      },
    );
    setWork({ state: 'done', verification });
  };
  const title =
    work.state === 'done' ? t(`evidence.outcome.${work.verification.outcome}`) : t('evidence.verifyTitle');
  return (
    <>
      <Verdict
        title={title}
        aside={
          <LinkButton href="/api/v1/evidence/verifier" download>
            {t('evidence.verifierDownload')}
          </LinkButton>
        }
      >
        {t('evidence.verifyText')}
      </Verdict>
      <Section title={t('evidence.bundle')} basis={t('evidence.stays')}>
        <label
          className={styles.drop}
          data-over={isOver || undefined}
          onDragOver={(event) => {
            event.preventDefault();
            setOver(true);
          }}
          onDragLeave={() => setOver(false)}
          onDrop={drop}
        >
          <Icon name="download" />
          <span>{file ? file.name : t('evidence.drop')}</span>
          <input
            type="file"
            accept=".zip,application/zip"
            className="visually-hidden"
            onChange={(event) => take(event.target.files?.[0] ?? null)}
          />
        </label>
        <div className={styles.outsideFields}>
          <Field label={t('evidence.fingerprint')} help={t('evidence.fingerprintHelp')}>
            {(control) => (
              <input
                {...control}
                value={fingerprint}
                spellCheck={false}
                onChange={(e) => setFingerprint(e.target.value)}
              />
            )}
          </Field>
          <Field label={t('evidence.anchor')} help={t('evidence.anchorHelp')}>
            {(control) => (
              <input
                {...control}
                value={anchor}
                spellCheck={false}
                onChange={(e) => setAnchor(e.target.value)}
              />
            )}
          </Field>
        </div>
        <Button
          kind="primary"
          onClick={verify}
          disabled={!file || work.state === 'running' || work.state === 'tooLarge'}
        >
          {t('evidence.verify')}
        </Button>
        {work.state === 'tooLarge' && <FormError>{t('evidence.tooLarge')}</FormError>}
        {work.state === 'unreadable' && <FormError>{t('evidence.unreadable')}</FormError>}
      </Section>
      <div aria-live="polite">
        {work.state === 'running' && <Checks checks={work.checks} />}
        {work.state === 'done' && <Result verification={work.verification} />}
      </div>
    </>
  );
}

function Result({ verification }: { readonly verification: Verification }) {
  const t = useTranslator();
  const { bundle, firstDifference } = verification;
  return (
    <>
      {firstDifference && (
        <p className={styles.difference} role="alert">
          <Icon name="critical" />
          <span>
            {t('evidence.firstDifference', { place: firstDifference.place })} {firstDifference.message}
          </span>
        </p>
      )}
      <Checks checks={verification.checks} />
      {bundle && (
        <Section
          title={bundle.audit}
          subject={`${bundle.entity}, ${bundle.organisation}`}
          basis={`${bundle.from} – ${bundle.to}`}
        >
          <p className={styles.lead}>
            {t('evidence.summary', {
              meterDays: formatNumber(t.locale, bundle.meterDays, { decimals: 0 }),
              restated: bundle.restatedDays,
              bound: quantityText(formatPercent(t.locale, bundle.errorBound)),
            })}
          </p>
          <p className={styles.hash}>
            {t('evidence.fingerprint')}: <code>{bundle.fingerprint}</code>
          </p>
          <p className={styles.hash}>
            {t('evidence.anchor')}: <code>{bundle.anchor}</code>
          </p>
        </Section>
      )}
    </>
  );
}

const marks = { passed: 'check', failed: 'critical', notDone: 'silent' } as const;

function Checks({ checks }: { readonly checks: readonly Check[] }) {
  const t = useTranslator();
  return (
    <ol className={styles.checks}>
      {checks.map((check) => (
        <li key={check.name} data-state={check.state}>
          <Icon name={marks[check.state]} size={16} />
          <span>{t(`evidence.check.${check.name}`)}</span>
          <span className={styles.state}>{t(`evidence.state.${check.state}`)}</span>
        </li>
      ))}
    </ol>
  );
}
