'use client';
import type { CheckedConfiguration, Gateway, GatewayConfigurations } from '@wattproof/contracts/api';
import { formatInstant, type PortalTranslator } from '@wattproof/messages';
import Link from 'next/link';
import { useEffect, useState } from 'react';
import { request } from '../api/client.ts';
import { usePolled } from '../field/polled.ts';
import { Section, Verdict } from '../figure/section.tsx';
import { Button } from '../form/button.tsx';
import { Dialog, DialogButtons } from '../form/dialog.tsx';
import { Field, FormError } from '../form/field.tsx';
import { problemText } from '../form/problem.ts';
import { useSubmit } from '../form/use-submit.ts';
import { useTranslator } from '../i18n/provider.tsx';
import { Icon } from '../icon/icon.tsx';
import { Budget } from './budget.tsx';
import { Changes } from './changes.tsx';
import styles from './configuration.module.css';
import { findingText, returnText } from './finding-text.ts';
import { History } from './history.tsx';
import { LineEditor, WholeField } from './line-editor.tsx';
import { type Choices, emptyPlan, isWritten, newLine, type Plan, withLine } from './plan.ts';
import { TableDialog } from './table-dialog.tsx';

const checkDelay_ms = 600;

/** What a gateway reads, the plan of what it shall read, and every version that was sent. */
export function ConfigurationView({
  gateway,
  initial,
  startFrom,
  choices,
  timeZone,
  mayWrite,
}: {
  readonly gateway: Gateway;
  readonly initial: GatewayConfigurations;
  /** A version to plan from, instead of the draft. */
  readonly startFrom: Plan | null;
  readonly choices: Choices;
  readonly timeZone: string;
  readonly mayWrite: boolean;
}) {
  const t = useTranslator();
  const base = `/gateways/${encodeURIComponent(gateway.id)}/configuration`;
  const { value, refresh, set } = usePolled(base, initial);
  const [plan, setPlan] = useState<Plan>(startFrom ?? initial.draft?.plan ?? initial.plan ?? emptyPlan);
  const [round, setRound] = useState(0);
  const [isChanged, setChanged] = useState(startFrom !== null);
  const [isTable, setTable] = useState(false);
  const [isSending, setSending] = useState(false);
  const [isKept, setKept] = useState(false);
  const { isBusy, error, send } = useSubmit<CheckedConfiguration>();
  const checked = useCheck(base, plan);
  const isLocked = !mayWrite || gateway.revokedAt !== null;
  const change = (next: Plan): void => {
    setPlan(next);
    setChanged(true);
    setKept(false);
  };
  const keep = async (): Promise<boolean> => {
    const answer = await send(`${base}/draft`, { method: 'PUT', json: { plan } });
    if (!answer.ok) return false;
    setChanged(false);
    setKept(true);
    await refresh();
    return true;
  };
  const discard = async (): Promise<void> => {
    if (value.draft) await request(`${base}/draft`, { method: 'DELETE' });
    setPlan(value.plan ?? emptyPlan);
    setRound((n) => n + 1);
    setChanged(false);
    await refresh();
  };
  const [newest] = value.versions;
  const verdict = verdictOf(value);
  const lines = plan.lines.map((line) => ({
    key: line.key,
    name: line.name || line.key,
    forecast: checked?.forecasts.find((f) => f.line === line.key),
    busyShare: gateway.lines.find((l) => l.key === line.key)?.busyShare ?? null,
  }));
  const hasDraft = isChanged || value.draft !== null;
  return (
    <>
      <Verdict
        title={t(`configuration.title.${verdict.state}`, {
          name: gateway.name,
          version: verdict.version ?? 0,
        })}
      >
        {newest?.reason && newest.state === 'returned'
          ? `${returnText(t, newest)}.`
          : t('configuration.lead')}{' '}
        <Link href={`/field/${encodeURIComponent(gateway.id)}`}>
          {t('configuration.backTo', { name: gateway.name })}
        </Link>
        {' · '}
        <Link href={`/field/${encodeURIComponent(gateway.id)}/registers`}>{t('register.nav')}</Link>
      </Verdict>
      <div className={styles.sections}>
        <Section
          proof={{ without: 'trial' }}
          title={t('configuration.budget')}
          basis={t('configuration.budgetBasis')}
        >
          <Budget lines={lines} />
        </Section>
        <Section
          proof={{ without: 'trial' }}
          title={t('configuration.findings')}
          subject={checked ? countText(t, checked) : t('configuration.checking')}
          basis={t('configuration.findingsBasis')}
        >
          {checked && <FindingList checked={checked} />}
        </Section>
        <Section
          proof={{ without: 'stated' }}
          title={t('configuration.plan')}
          subject={subjectOf(t, value, timeZone)}
          basis={t('configuration.planBasis')}
        >
          <fieldset className={styles.plain} disabled={isLocked} key={`head ${round}`}>
            <div className={styles.head}>
              <WholeField
                label={t('configuration.pollPeriod')}
                unit="s"
                help={t('configuration.pollPeriodHelp')}
                value={plan.pollPeriod_s}
                limits={[1, 3600]}
                onChange={(period) => change({ ...plan, pollPeriod_s: period ?? 10 })}
              />
              <WholeField
                label={t('configuration.fastPeriod')}
                unit="s"
                help={t('configuration.groupPeriodHelp')}
                value={plan.fastPeriod_s}
                limits={[1, 3600]}
                isOptional
                onChange={(fastPeriod_s) => change({ ...plan, fastPeriod_s })}
              />
              <WholeField
                label={t('configuration.slowPeriod')}
                unit="s"
                help={t('configuration.groupPeriodHelp')}
                value={plan.slowPeriod_s}
                limits={[1, 86_400]}
                isOptional
                onChange={(slowPeriod_s) => change({ ...plan, slowPeriod_s })}
              />
            </div>
          </fieldset>
          {plan.lines.map((line, i) => (
            <LineEditor
              // A key that is typed must not make a new editor of every letter.
              // biome-ignore lint/suspicious/noArrayIndexKey: lines keep their places
              key={`${round} ${i}`}
              plan={plan}
              line={line}
              choices={choices}
              isLocked={isLocked}
              onChange={(next) => change(withLine(plan, i, next))}
              onRemove={() => {
                change({ ...plan, lines: plan.lines.filter((_, at) => at !== i) });
                setRound((n) => n + 1);
              }}
            />
          ))}
          {!isLocked && (
            <div className={styles.acts}>
              <Button onClick={() => change({ ...plan, lines: [...plan.lines, newLine(plan)] })}>
                {t('configuration.lineAdd')}
              </Button>
              <Button disabled={plan.lines.length === 0 || isChanged} onClick={() => setTable(true)}>
                {t('configuration.table')}
              </Button>
            </div>
          )}
        </Section>
        {hasDraft && checked && (
          <Section
            title={t('configuration.changes')}
            basis={
              value.inForce === null
                ? t('configuration.changesFirst')
                : t('configuration.changesBasis', { version: value.inForce })
            }
          >
            <Changes diff={checked.diff} choices={choices} />
            {!isLocked && (
              <>
                {error && <FormError>{error}</FormError>}
                <div className={styles.acts}>
                  <Button
                    kind="primary"
                    disabled={isBusy || !checked.isSendable || !isWritten(plan)}
                    onClick={() => setSending(true)}
                  >
                    {t('configuration.send')}
                  </Button>
                  <Button disabled={isBusy || !isChanged || !isWritten(plan)} onClick={() => void keep()}>
                    {t('configuration.keep')}
                  </Button>
                  <Button kind="words" disabled={isBusy} onClick={() => void discard()}>
                    {t('configuration.discard')}
                  </Button>
                  {isKept && <span role="status">{t('configuration.kept')}</span>}
                </div>
              </>
            )}
          </Section>
        )}
        <Section title={t('configuration.history')} basis={t('configuration.historyBasis')}>
          <History
            gatewayId={gateway.id}
            versions={value.versions}
            inForce={value.inForce}
            timeZone={timeZone}
          />
        </Section>
      </div>
      {isTable && (
        <TableDialog
          gatewayId={gateway.id}
          onStored={(stored) => {
            setPlan(stored);
            setRound((n) => n + 1);
            setTable(false);
            void refresh();
          }}
          onClose={() => setTable(false)}
        />
      )}
      {isSending && (
        <SendDialog
          gateway={gateway}
          inForce={value.inForce}
          next={(newest?.version ?? 0) + 1}
          keep={async () => (isChanged ? keep() : true)}
          onSent={(sent) => {
            set(sent);
            setChanged(false);
            setSending(false);
          }}
          onClose={() => setSending(false)}
        />
      )}
    </>
  );
}

/** The check of a plan, a moment after it was last changed; the one before stays until then. */
function useCheck(base: string, plan: Plan): CheckedConfiguration | null {
  const [checked, setChecked] = useState<CheckedConfiguration | null>(null);
  useEffect(() => {
    if (!isWritten(plan)) return;
    const stop = new AbortController();
    const timer = setTimeout(async () => {
      const answer = await request<CheckedConfiguration>(`${base}/check`, {
        method: 'POST',
        json: { plan },
        signal: stop.signal,
      });
      if (answer.ok) setChecked(answer.value);
    }, checkDelay_ms);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [base, plan]);
  return checked;
}

function verdictOf({ versions, inForce }: GatewayConfigurations): {
  readonly state: 'none' | 'confirmed' | 'sent' | 'probation' | 'returned';
  readonly version: number | null;
} {
  const [newest] = versions;
  if (!newest) return { state: 'none', version: null };
  if (newest.state === 'sent' || newest.state === 'probation' || newest.state === 'returned')
    return { state: newest.state, version: newest.version };
  return inForce === null ? { state: 'none', version: null } : { state: 'confirmed', version: inForce };
}

function subjectOf(t: PortalTranslator, value: GatewayConfigurations, timeZone: string): string {
  if (value.draft)
    return t('configuration.planDraft', {
      by: value.draft.by,
      at: formatInstant(t.locale, timeZone, value.draft.at, 'dateTime'),
    });
  return value.inForce === null ? '' : t('configuration.planInForce', { version: value.inForce });
}

function countText(t: PortalTranslator, { findings }: CheckedConfiguration): string {
  const errors = findings.filter((f) => f.severity === 'error').length;
  const warnings = t('configuration.warnings', { warnings: findings.length - errors });
  return errors === 0 ? warnings : `${t('configuration.errors', { errors })}, ${warnings}`;
}

function FindingList({ checked }: { readonly checked: CheckedConfiguration }) {
  const t = useTranslator();
  if (checked.findings.length === 0) return <p className={styles.note}>{t('configuration.good')}</p>;
  return (
    <ul className={styles.findings}>
      {checked.findings.map((finding) => (
        <li
          key={`${finding.code} ${finding.line} ${finding.field} ${finding.message}`}
          data-severity={finding.severity}
        >
          <Icon name={finding.severity === 'error' ? 'critical' : 'warning'} size={16} />
          <span>{findingText(t, finding)}</span>
        </li>
      ))}
    </ul>
  );
}

function SendDialog({
  gateway,
  inForce,
  next,
  keep,
  onSent,
  onClose,
}: {
  readonly gateway: Gateway;
  readonly inForce: number | null;
  readonly next: number;
  readonly keep: () => Promise<boolean>;
  readonly onSent: (value: GatewayConfigurations) => void;
  readonly onClose: () => void;
}) {
  const t = useTranslator();
  const [note, setNote] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const sendNow = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    const isKept = await keep();
    const answer = isKept
      ? await request<GatewayConfigurations>(
          `/gateways/${encodeURIComponent(gateway.id)}/configuration/send`,
          { method: 'POST', json: { note: note.trim() } },
        )
      : null;
    setBusy(false);
    if (answer?.ok) onSent(answer.value);
    else if (answer) setError(problemText(t, answer.problem));
    else onClose();
  };
  return (
    <Dialog title={t('configuration.sendTitle', { name: gateway.name })} onClose={onClose}>
      <p>
        {inForce === null
          ? t('configuration.sendTextFirst')
          : t('configuration.sendText', { version: inForce })}
      </p>
      <Field label={t('configuration.sendNote')} help={t('configuration.sendNoteHelp')}>
        {(control) => (
          <input
            {...control}
            maxLength={200}
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
        )}
      </Field>
      {error && <FormError>{error}</FormError>}
      <DialogButtons>
        <Button kind="primary" disabled={isBusy || note.trim() === ''} onClick={() => void sendNow()}>
          {isBusy ? t('configuration.sending') : t('configuration.sendNow', { version: next })}
        </Button>
        <Button onClick={onClose}>{t('form.cancel')}</Button>
      </DialogButtons>
    </Dialog>
  );
}
