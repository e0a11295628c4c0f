'use client';
import type { DataClass, JobRun, Retention, RetentionPlan, RetentionPolicy } from '@wattproof/contracts/api';
import { formatInstant, formatNumber, type PortalTranslator } from '@wattproof/messages';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { request } from '../api/client.ts';
import { Section } from '../figure/section.tsx';
import { Button } from '../form/button.tsx';
import { DialogButtons } from '../form/dialog.tsx';
import { Field, FormError } from '../form/field.tsx';
import { parseNumber } from '../form/parse-number.ts';
import { useSubmit } from '../form/use-submit.ts';
import { useTranslator } from '../i18n/provider.tsx';
import { useJobs } from '../job/jobs.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import styles from './data.module.css';
import { bytesText } from './storage-view.tsx';

type Policy = Retention['policies'][number];
type Planned = RetentionPlan['classes'][number];

/** Days as they are typed; empty: for ever. Null where it is no whole number of days that is allowed. */
export function readDays(text: string, least_days: number): { readonly keep_days: number | null } | null {
  if (text.trim() === '') return { keep_days: null };
  const days = parseNumber(text);
  return days !== null && Number.isInteger(days) && days >= least_days && days <= 36_500
    ? { keep_days: days }
    : null;
}

/** How long each kind of data is kept. What would go is said before a policy is put in force, and again by each run. */
export function RetentionForm({
  retention,
  timeZone,
  mayWrite,
}: {
  readonly retention: Retention;
  readonly timeZone: string;
  readonly mayWrite: boolean;
}) {
  const t = useTranslator();
  const router = useRouter();
  const { follow } = useJobs();
  const { isBusy, error, send } = useSubmit<unknown>();
  const [days, setDays] = useState<Readonly<Record<DataClass, string>>>(
    () =>
      Object.fromEntries(
        retention.policies.map((p) => [p.class, p.keep_days === null ? '' : String(p.keep_days)]),
      ) as Record<DataClass, string>,
  );
  const [plan, setPlan] = useState<RetentionPlan | null>(null);
  const [isTried, setTried] = useState(false);
  const problemOf = (p: Policy): string | null =>
    isTried && readDays(days[p.class] ?? '', p.least_days) === null
      ? t('data.daysProblem', { least: p.least_days })
      : null;
  const policies = (): RetentionPolicy[] | null => {
    const list = retention.policies.map((p) => ({
      class: p.class,
      read: readDays(days[p.class] ?? '', p.least_days),
    }));
    return list.some((p) => p.read === null)
      ? null
      : list.map((p) => ({ class: p.class, keep_days: p.read?.keep_days ?? null }));
  };
  const isChanged = retention.policies.some(
    (p) => readDays(days[p.class] ?? '', p.least_days)?.keep_days !== p.keep_days,
  );
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    setTried(true);
    const wish = policies();
    if (!wish) return;
    if (!plan) {
      const answer = await send('/retention/dry-run', { method: 'POST', json: { policies: wish } });
      if (answer.ok) setPlan(answer.value as RetentionPlan);
      return;
    }
    const answer = await send('/retention', { method: 'PUT', json: { policies: wish } });
    if (!answer.ok) return;
    setPlan(null);
    router.refresh();
  };
  const run = async (): Promise<void> => {
    const answer = await send('/retention/runs', { method: 'POST' });
    if (!answer.ok) return;
    const job = await request<JobRun>(`/jobs/${(answer.value as { jobRunId: string }).jobRunId}`);
    if (job.ok) follow(job.value);
  };
  const lastRun = retention.lastRun;
  return (
    <Section
      title={t('data.retention')}
      basis={
        lastRun
          ? t('data.lastRun', { time: formatInstant(t.locale, timeZone, lastRun.createdAt, 'dateTimeShort') })
          : t('data.neverRun')
      }
    >
      <form onSubmit={submit} noValidate className={styles.form}>
        <p className={styles.note}>{t('data.retentionText')}</p>
        <div className={styles.policies}>
          {retention.policies.map((p) => (
            <Field
              key={p.class}
              label={t(`data.class.${p.class}`)}
              unit={t('data.dayUnit')}
              help={
                p.changedAt && p.changedBy
                  ? t('data.changedBy', {
                      name: p.changedBy,
                      date: formatInstant(t.locale, timeZone, p.changedAt, 'date'),
                    })
                  : t('data.least', { least: p.least_days })
              }
              error={problemOf(p)}
            >
              {(control) => (
                <input
                  {...control}
                  inputMode="numeric"
                  placeholder={t('data.forever')}
                  disabled={!mayWrite}
                  value={days[p.class] ?? ''}
                  onChange={(event) => {
                    setDays({ ...days, [p.class]: event.target.value });
                    setPlan(null);
                  }}
                />
              )}
            </Field>
          ))}
        </div>
        {plan && <Plan plan={plan} timeZone={timeZone} />}
        {error && <FormError>{error}</FormError>}
        {mayWrite && (
          <DialogButtons>
            {(plan === null || isChanged) && (
              <Button kind="primary" type="submit" disabled={isBusy}>
                {t(plan ? 'data.putInForce' : 'data.dryRun')}
              </Button>
            )}
            {plan && !isChanged && plan.classes.some((c) => c.rows > 0) && (
              <Button kind="destructive" disabled={isBusy} onClick={() => void run()}>
                {t('data.runNow')}
              </Button>
            )}
            {plan && <Button onClick={() => setPlan(null)}>{t('form.cancel')}</Button>}
          </DialogButtons>
        )}
      </form>
    </Section>
  );
}

/** What a run under these policies would take away, and what it would leave though it is old enough. */
function Plan({ plan, timeZone }: { readonly plan: RetentionPlan; readonly timeZone: string }) {
  const t = useTranslator();
  const going = plan.classes.reduce((sum, c) => sum + c.rows, 0);
  return (
    <div role="status">
      <h3>{going === 0 ? t('data.planNothing') : t('data.plan', { rows: formatNumber(t.locale, going) })}</h3>
      <DataTable
        id="plan"
        name={t('data.planName')}
        columns={planColumns(t, timeZone)}
        rows={plan.classes}
        rowKey={(c) => c.class}
        withTools={false}
      />
    </div>
  );
}

function planColumns(t: PortalTranslator, timeZone: string): Column<Planned>[] {
  const name = (c: Planned): string => t(`data.class.${c.class}`);
  const before = (c: Planned): string =>
    c.before === null ? t('data.stays') : formatInstant(t.locale, timeZone, c.before, 'date');
  const held = (c: Planned): string[] =>
    c.held.map((h) =>
      t('data.held', {
        rows: formatNumber(t.locale, h.rows),
        reason: t(`data.heldReason.${h.reason}`),
      }),
    );
  return [
    { id: 'class', head: t('data.what'), phone: 'title', cell: name, text: name },
    { id: 'before', head: t('data.before'), cell: before, text: before },
    {
      id: 'rows',
      head: t('data.goes'),
      align: 'right',
      proof: { without: 'count' },
      cell: (c) => formatNumber(t.locale, c.rows),
      text: (c) => String(c.rows),
    },
    {
      id: 'bytes',
      head: t('data.size'),
      align: 'right',
      proof: { without: 'operation' },
      cell: (c) => (c.rows === 0 ? '—' : bytesText(t, c.bytes)),
      text: (c) => String(c.bytes),
    },
    {
      id: 'held',
      head: t('data.staysThough'),
      cell: (c) => (held(c).length === 0 ? '' : held(c).map((line) => <div key={line}>{line}</div>)),
      text: (c) => held(c).join('; '),
    },
  ];
}
