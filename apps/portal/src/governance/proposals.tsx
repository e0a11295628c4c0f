'use client';
import type { RebaselineProposal } from '@wattproof/contracts/api';
import { formatInstant, formatLocalDate } from '@wattproof/messages';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { findingText } from '../figure/finding-text.ts';
import { Section } from '../figure/section.tsx';
import { Button } from '../form/button.tsx';
import { Dialog, DialogButtons } from '../form/dialog.tsx';
import { Field, FormError } from '../form/field.tsx';
import { ReasonField } from '../form/reason-field.tsx';
import { useSubmit } from '../form/use-submit.ts';
import { useTranslator } from '../i18n/provider.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import styles from './governance.module.css';

/** Reasons to look at a baseline again: what the computation found and what people state, until somebody decides. */
export function Proposals({
  proposals,
  timeZone,
  mayWrite,
  raiseFor,
}: {
  readonly proposals: readonly RebaselineProposal[];
  readonly timeZone: string;
  readonly mayWrite: boolean;
  /** EnPI that a person may raise a proposal for here. */
  readonly raiseFor?: { readonly enpiId: string; readonly today: string };
}) {
  const t = useTranslator();
  const [dismissed, setDismissed] = useState<RebaselineProposal | null>(null);
  const [isRaising, setRaising] = useState(false);
  const date = (d: string): string => formatLocalDate(t.locale, d, 'date');
  const found = (p: RebaselineProposal): string => p.findings.map((f) => findingText(f, t)).join(' ');
  const columns: Column<RebaselineProposal>[] = [
    {
      id: 'enpi',
      head: t('performance.enpi'),
      phone: 'title',
      cell: (p) => (
        <span className={styles.stack}>
          <Link href={`/performance/${p.enpiId}`}>{p.enpiName}</Link>
          <small>{p.siteName}</small>
        </span>
      ),
      sort: (p) => p.siteName,
      text: (p) => `${p.enpiName}, ${p.siteName}`,
    },
    {
      id: 'trigger',
      head: t('proposal.why'),
      cell: (p) => (
        <span className={styles.stack}>
          <span>{t(`proposal.trigger.${p.trigger}`)}</span>
          <small>{found(p)}</small>
        </span>
      ),
      sort: (p) => p.trigger,
      text: (p) => `${t(`proposal.trigger.${p.trigger}`)}: ${found(p)}`,
    },
    {
      id: 'since',
      head: t('proposal.since'),
      cell: (p) => date(p.since),
      sort: (p) => p.since,
      text: (p) => p.since,
    },
    {
      id: 'state',
      head: t('enb.state'),
      cell: (p) => (
        <span className={styles.stack}>
          <span className={styles.state} data-state={p.state}>
            {t(`proposal.state.${p.state}`)}
          </span>
          <small>
            {p.decidedAt
              ? t('enb.decidedBy', {
                  name: p.decidedBy ?? t('enb.system'),
                  at: formatInstant(t.locale, timeZone, p.decidedAt, 'dateTime'),
                  reason: p.decisionReason ?? '—',
                })
              : t('proposal.raised', {
                  name: p.raisedBy ?? t('enb.system'),
                  at: formatInstant(t.locale, timeZone, p.raisedAt, 'dateTime'),
                })}
          </small>
        </span>
      ),
      sort: (p) => p.state,
      text: (p) => t(`proposal.state.${p.state}`),
    },
    {
      id: 'act',
      head: t('table.actions'),
      isHeadHidden: true,
      align: 'right',
      proof: 'inCell',
      cell: (p) =>
        p.state === 'open' && mayWrite ? (
          <span className={styles.acts}>
            <Link href={`/performance/${p.enpiId}/baseline?proposal=${p.id}`}>{t('proposal.look')}</Link>
            <Button kind="words" onClick={() => setDismissed(p)}>
              {t('proposal.dismiss')}
            </Button>
          </span>
        ) : null,
    },
  ];
  return (
    <Section
      title={t('proposal.title')}
      subject={t('proposal.subject')}
      basis={
        mayWrite &&
        raiseFor && (
          <Button kind="words" onClick={() => setRaising(true)}>
            {t('proposal.raise')}
          </Button>
        )
      }
    >
      <DataTable
        id="proposals"
        name={t('proposal.title')}
        columns={raiseFor ? columns.filter((c) => c.id !== 'enpi') : columns}
        rows={proposals}
        rowKey={(p) => p.id}
        rowState={(p) => (p.state === 'open' ? undefined : 'muted')}
        withTools={false}
        empty={t('proposal.none')}
      />
      {dismissed && (
        <ReasonDialog
          title={t('proposal.dismiss')}
          path={`/rebaseline-proposals/${dismissed.id}/dismissal`}
          body={(reason) => ({ reason })}
          submit={t('proposal.dismiss')}
          onClose={() => setDismissed(null)}
        />
      )}
      {isRaising && raiseFor && (
        <RaiseDialog enpiId={raiseFor.enpiId} today={raiseFor.today} onClose={() => setRaising(false)} />
      )}
    </Section>
  );
}

/** An act that needs nothing but its reason. */
export function ReasonDialog({
  title,
  path,
  body,
  submit: submitText,
  onClose,
}: {
  readonly title: string;
  readonly path: string;
  readonly body: (reason: string) => unknown;
  readonly submit: string;
  readonly onClose: () => void;
}) {
  const t = useTranslator();
  const router = useRouter();
  const { isBusy, error, send } = useSubmit();
  const [reason, setReason] = useState('');
  const [isTried, setTried] = useState(false);
  const isMissing = reason.trim().length < 3;
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setTried(true);
    if (isMissing) return;
    const answer = await send(path, { method: 'POST', json: body(reason.trim()) });
    if (!answer.ok) return;
    onClose();
    router.refresh();
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)}>
        <ReasonField reason={reason} isMissing={isTried && isMissing} onChange={setReason} />
        {error && <FormError>{error}</FormError>}
        <DialogButtons>
          <Button type="submit" kind="primary" disabled={isBusy}>
            {submitText}
          </Button>
          <Button onClick={onClose}>{t('form.cancel')}</Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}

function RaiseDialog({
  enpiId,
  today,
  onClose,
}: {
  readonly enpiId: string;
  readonly today: string;
  readonly onClose: () => void;
}) {
  const t = useTranslator();
  const router = useRouter();
  const { isBusy, error, send } = useSubmit();
  const [since, setSince] = useState(today);
  const [reason, setReason] = useState('');
  const [isTried, setTried] = useState(false);
  const isMissing = reason.trim().length < 3;
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setTried(true);
    if (isMissing || since === '') return;
    const answer = await send(`/enpis/${enpiId}/rebaseline-proposals`, {
      method: 'POST',
      json: { since, reason: reason.trim() },
    });
    if (!answer.ok) return;
    onClose();
    router.refresh();
  };
  return (
    <Dialog title={t('proposal.raise')} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)}>
        <Field label={t('proposal.since')}>
          {(control) => (
            <input
              {...control}
              type="date"
              required
              value={since}
              onChange={(e) => setSince(e.target.value)}
            />
          )}
        </Field>
        <ReasonField reason={reason} isMissing={isTried && isMissing} onChange={setReason} />
        {error && <FormError>{error}</FormError>}
        <DialogButtons>
          <Button type="submit" kind="primary" disabled={isBusy}>
            {t('proposal.raise')}
          </Button>
          <Button onClick={onClose}>{t('form.cancel')}</Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
