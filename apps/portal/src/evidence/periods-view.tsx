'use client';
import type { PeriodDetail, Periods, Restatement } from '@wattproof/contracts/api';
import {
  formatInstant,
  formatLocalDate,
  formatMeasurand,
  formatMoney,
  formatQuantity,
  quantityText,
} from '@wattproof/messages';
import { useRouter } from 'next/navigation';
import { type FormEvent, useCallback, useEffect, useState } from 'react';
import { request } from '../api/client.ts';
import { Section, Verdict } from '../figure/section.tsx';
import { Button } from '../form/button.tsx';
import { Dialog, DialogButtons } from '../form/dialog.tsx';
import { Field, FormError } from '../form/field.tsx';
import { useSubmit } from '../form/use-submit.ts';
import { useTranslator } from '../i18n/provider.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import styles from './evidence.module.css';

type Month = Periods['months'][number];

/** Months of a site: what is sealed, signed off, and what changed afterwards. */
export function PeriodsView({
  periods,
  siteName,
  mayClose,
}: {
  readonly periods: Periods;
  readonly siteName: string;
  readonly mayClose: boolean;
}) {
  const t = useTranslator();
  const [closing, setClosing] = useState<string | null>(null);
  const [opened, setOpened] = useState<string | null>(null);
  const over = periods.months.filter((m) => m.state !== 'running');
  const closed = over.filter((m) => m.state === 'closed');
  const columns: Column<Month>[] = [
    {
      id: 'month',
      head: t('period.month'),
      phone: 'title',
      cell: (m) => monthText(m.month),
      sort: (m) => m.month,
      text: (m) => m.month,
    },
    {
      id: 'state',
      head: t('period.state'),
      cell: (m) => (
        <>
          {t(`period.state.${m.state}`)}
          {m.close && (
            <small className={styles.small}>
              {t('period.closedBy', {
                by: m.close.closedBy,
                at: formatInstant(t.locale, periods.timeZone, m.close.closedAt, 'dateTime'),
              })}
            </small>
          )}
        </>
      ),
      sort: (m) => m.state,
      text: (m) => m.state,
    },
    {
      id: 'sealed',
      head: t('period.sealed'),
      align: 'right',
      proof: { without: 'count' },
      cell: (m) => t('period.sealedOf', { sealed: m.sealedDays, all: m.sealedDays + m.openDays }),
      sort: (m) => m.sealedDays,
      text: (m) => String(m.sealedDays),
    },
    {
      id: 'restated',
      head: t('period.restatements'),
      align: 'right',
      proof: { without: 'count' },
      cell: (m) =>
        m.restatements === 0
          ? '0'
          : t('period.restatedSince', { count: m.restatements, since: m.restatedSinceClose }),
      sort: (m) => m.restatements,
      text: (m) => String(m.restatements),
    },
    {
      id: 'action',
      head: t('period.action'),
      isHeadHidden: true,
      align: 'right',
      proof: 'inCell',
      cell: (m) => (
        <span className={styles.actions}>
          <Button kind="words" onClick={() => setOpened(m.month)}>
            {t('period.open')}
          </Button>
          {mayClose && m.state === 'over' && (
            <Button kind="words" onClick={() => setClosing(m.month)}>
              {t('period.close')}
            </Button>
          )}
        </span>
      ),
    },
  ];
  return (
    <>
      <Verdict
        title={t('period.title', { closed: closed.length, over: over.length })}
        aside={<p>{siteName}</p>}
      >
        {t('period.lead')}
      </Verdict>
      <Section title={t('period.months')} basis={periods.timeZone}>
        <DataTable
          id="periods"
          name={t('period.months')}
          columns={columns}
          rows={periods.months}
          rowKey={(m) => m.month}
          initialSort={{ column: 'month', descending: true }}
          empty={t('period.none')}
        />
      </Section>
      {closing && (
        <CloseDialog
          siteId={periods.siteId}
          month={closing}
          name={monthText(closing)}
          onClose={() => setClosing(null)}
        />
      )}
      {opened && (
        <DetailDialog
          siteId={periods.siteId}
          timeZone={periods.timeZone}
          month={opened}
          name={monthText(opened)}
          mayExplain={mayClose}
          onClose={() => setOpened(null)}
        />
      )}
    </>
  );

  function monthText(month: string): string {
    return formatLocalDate(t.locale, `${month}-01`, 'month');
  }
}

type Billed = PeriodDetail['billRestatements'][number]['before'];

interface DialogOf {
  readonly siteId: string;
  readonly month: string;
  readonly name: string;
  readonly onClose: () => void;
}

function CloseDialog({ siteId, month, name, onClose }: DialogOf) {
  const t = useTranslator();
  const router = useRouter();
  const { isBusy, error, problem, send } = useSubmit<Periods>();
  const [note, setNote] = useState('');
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const answer = await send(`/sites/${siteId}/periods/${month}/close`, { method: 'POST', json: { note } });
    if (!answer.ok) return;
    router.refresh();
    onClose();
  };
  return (
    <Dialog title={t('period.closeTitle', { month: name })} onClose={onClose}>
      <form onSubmit={submit}>
        <p>{t('period.closeText')}</p>
        <Field label={t('period.note')} help={t('period.noteHelp')}>
          {(control) => (
            <input {...control} value={note} maxLength={500} onChange={(e) => setNote(e.target.value)} />
          )}
        </Field>
        {error && (
          <FormError>
            {error} {problem?.detail}
          </FormError>
        )}
        <DialogButtons>
          <Button onClick={onClose}>{t('form.cancel')}</Button>
          <Button kind="primary" type="submit" disabled={isBusy}>
            {t('period.close')}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}

function DetailDialog({
  siteId,
  month,
  name,
  timeZone,
  mayExplain,
  onClose,
}: DialogOf & { readonly timeZone: string; readonly mayExplain: boolean }) {
  const t = useTranslator();
  const [detail, setDetail] = useState<PeriodDetail | null>(null);
  const [knownAt, setKnownAt] = useState('');
  const [isFailed, setFailed] = useState(false);
  const load = useCallback(
    async (signal?: AbortSignal): Promise<void> => {
      const query = knownAt === '' ? '' : `?knownAt=${encodeURIComponent(new Date(knownAt).toISOString())}`;
      const answer = await request<PeriodDetail>(`/sites/${siteId}/periods/${month}${query}`, {
        ...(signal ? { signal } : {}),
      });
      if (signal?.aborted) return;
      setFailed(!answer.ok);
      if (answer.ok) setDetail(answer.value);
    },
    [siteId, month, knownAt],
  );
  useEffect(() => {
    const abort = new AbortController();
    void load(abort.signal);
    return () => abort.abort();
  }, [load]);
  const before = new Map(detail?.asKnown.map((f) => [`${f.meterId} ${f.measurand}`, f]));
  return (
    <Dialog title={name} onClose={onClose} isWide>
      <Field label={t('period.knownAt')} help={t('period.knownAtHelp')}>
        {(control) => (
          <input
            {...control}
            type="datetime-local"
            value={knownAt}
            onChange={(e) => setKnownAt(e.target.value)}
          />
        )}
      </Field>
      {isFailed && <FormError>{t('problem.unknown', { detail: '' })}</FormError>}
      {detail && (
        <>
          <h3>{t('period.figures')}</h3>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">{t('period.meter')}</th>
                <th scope="col">{t('period.asKnown')}</th>
                <th scope="col">{t('period.now')}</th>
              </tr>
            </thead>
            <tbody>
              {detail.now.map((f) => (
                <tr key={`${f.meterId} ${f.measurand}`}>
                  <th scope="row">{f.meterName}</th>
                  <td>{amount(before.get(`${f.meterId} ${f.measurand}`)?.delta ?? null, f.measurand)}</td>
                  <td>{amount(f.delta, f.measurand)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {detail.billRestatements.length > 0 && (
            <>
              <h3>{t('period.billRestatements')}</h3>
              <ul className={styles.restatements}>
                {detail.billRestatements.map((one) => (
                  <li key={one.record}>
                    <p>
                      <strong>{one.deliveryPointName}</strong> {billed(one.before, one.currency)} →{' '}
                      {billed(one.after, one.currency)}
                    </p>
                    <p className={styles.small}>
                      {t('period.billsBy', { bills: one.bills.join(', '), reason: one.reason, name: one.by })}
                      , {formatInstant(t.locale, timeZone, one.at, 'dateTime')},{' '}
                      {t('period.record', { record: one.record })}
                    </p>
                  </li>
                ))}
              </ul>
            </>
          )}
          <h3>{t('period.restatements')}</h3>
          {detail.restatements.length === 0 && <p>{t('period.restatementsNone')}</p>}
          <ul className={styles.restatements}>
            {detail.restatements.map((restatement) => (
              <li key={restatement.seal}>
                <p>
                  <strong>
                    {restatement.meterName}, {formatLocalDate(t.locale, restatement.date, 'date')}
                  </strong>{' '}
                  {amount(restatement.before, restatement.measurand)} →{' '}
                  {amount(restatement.after, restatement.measurand)}
                </p>
                <p className={styles.small}>
                  {t(`period.reason.${restatement.reason}`)},{' '}
                  {formatInstant(t.locale, timeZone, restatement.at, 'dateTime')},{' '}
                  {t('period.record', { record: restatement.seal })}
                </p>
                <Explanation
                  siteId={siteId}
                  restatement={restatement}
                  mayExplain={mayExplain}
                  onSaved={() => void load()}
                />
              </li>
            ))}
          </ul>
        </>
      )}
    </Dialog>
  );

  function billed({ energy_kwh, amount: money }: Billed, currency: string): string {
    const energy = quantityText(formatQuantity(t.locale, Number(energy_kwh) * 1_000, 'Wh'));
    return `${energy}, ${formatMoney(t.locale, { amount: money, currency }, { decimals: 2 })}`;
  }

  function amount(value: number | null, measurand: string): string {
    return value === null ? '—' : quantityText(formatMeasurand(t.locale, value, measurand));
  }
}

function Explanation({
  siteId,
  restatement,
  mayExplain,
  onSaved,
}: {
  readonly siteId: string;
  readonly restatement: Restatement;
  readonly mayExplain: boolean;
  readonly onSaved: () => void;
}) {
  const t = useTranslator();
  const { isBusy, error, send } = useSubmit<null>();
  const [text, setText] = useState(restatement.explanation?.text ?? '');
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const path = `/sites/${siteId}/restatements/${restatement.seal}/explanation`;
    if ((await send(path, { method: 'PUT', json: { text } })).ok) onSaved();
  };
  if (!mayExplain) return restatement.explanation && <p>{restatement.explanation.text}</p>;
  return (
    <form onSubmit={save} className={styles.explanation}>
      <Field label={t('period.explanation')}>
        {(control) => (
          <input
            {...control}
            value={text}
            required
            maxLength={1000}
            onChange={(e) => setText(e.target.value)}
          />
        )}
      </Field>
      <Button type="submit" disabled={isBusy || text === (restatement.explanation?.text ?? '')}>
        {t('period.explain')}
      </Button>
      {error && <FormError>{error}</FormError>}
    </form>
  );
}
