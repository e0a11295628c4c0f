'use client';
import type { Adjustment, EnpiSummary } from '@wattproof/contracts/api';
import {
  formatInstant,
  formatLocalDate,
  formatPercent,
  formatQuantity,
  quantityText,
} from '@wattproof/messages';
import { useState } from 'react';
import { findingText } from '../figure/finding-text.ts';
import { Section } from '../figure/section.tsx';
import { Button } from '../form/button.tsx';
import { Dialog } from '../form/dialog.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import { AdjustmentDialog } from './adjustment-dialog.tsx';
import { EvidenceFiles } from './evidence-files.tsx';
import styles from './governance.module.css';
import { ReasonDialog } from './proposals.tsx';

type Decision = 'approve' | 'refuse' | 'withdraw';

/** Non-routine adjustments: events that no model can know, each a dossier with evidence, method, effect and decision. */
export function Adjustments({
  adjustments,
  sites,
  enpis,
  timeZone,
  mayWrite,
}: {
  readonly adjustments: readonly Adjustment[];
  readonly sites: readonly { readonly id: string; readonly name: string }[];
  readonly enpis: readonly EnpiSummary[];
  readonly timeZone: string;
  readonly mayWrite: boolean;
}) {
  const t = useTranslator();
  const [isNew, setNew] = useState(false);
  const [shown, setShown] = useState<Adjustment | null>(null);
  const [decision, setDecision] = useState<{ readonly of: Adjustment; readonly kind: Decision } | null>(null);
  const date = (d: string): string => formatLocalDate(t.locale, d, 'date');
  const period = (a: Adjustment): string =>
    a.to === null
      ? t('adjustment.lasting', { from: date(a.from) })
      : t('performance.period', { from: date(a.from), to: date(a.to) });
  const columns: Column<Adjustment>[] = [
    {
      id: 'event',
      head: t('adjustment.event'),
      phone: 'title',
      cell: (a) => (
        <span className={styles.stack}>
          <button type="button" className={styles.words} onClick={() => setShown(a)}>
            {a.event}
          </button>
          <small>{a.siteName}</small>
        </span>
      ),
      sort: (a) => a.event,
      text: (a) => `${a.event}, ${a.siteName}`,
    },
    { id: 'period', head: t('target.period'), cell: period, sort: (a) => a.from, text: period },
    {
      id: 'effect',
      head: t('adjustment.effect'),
      cell: (a) => (
        <span className={styles.who}>
          {a.effectOnEnpis
            .filter((e) => e.energy_wh_per_day !== 0)
            .map((e) => (
              <span key={e.enpiId}>
                {t('adjustment.effectOn', {
                  name: e.name,
                  energy: quantityText(formatQuantity(t.locale, e.energy_wh_per_day, 'Wh', { signed: true })),
                })}
              </span>
            ))}
        </span>
      ),
      text: (a) => a.effectOnEnpis.map((e) => `${e.name}: ${e.energy_wh_per_day}`).join('; '),
    },
    {
      id: 'state',
      head: t('enb.state'),
      cell: (a) => (
        <span className={styles.stack}>
          <span className={styles.state} data-state={a.state}>
            {t(`adjustment.state.${a.state}`)}
          </span>
          <small>
            {a.decidedAt
              ? t('enb.decidedBy', {
                  name: a.decidedBy ?? t('enb.system'),
                  at: formatInstant(t.locale, timeZone, a.decidedAt, 'dateTime'),
                  reason: a.decisionReason ?? '—',
                })
              : t('proposal.raised', {
                  name: a.proposedBy,
                  at: formatInstant(t.locale, timeZone, a.proposedAt, 'dateTime'),
                })}
          </small>
        </span>
      ),
      sort: (a) => a.state,
      text: (a) => t(`adjustment.state.${a.state}`),
    },
    {
      id: 'act',
      head: t('table.actions'),
      isHeadHidden: true,
      align: 'right',
      proof: 'inCell',
      cell: (a) =>
        a.state === 'proposed' && mayWrite ? (
          <span className={styles.acts}>
            {(['approve', 'refuse', 'withdraw'] as const).map((kind) => (
              <Button key={kind} kind="words" onClick={() => setDecision({ of: a, kind })}>
                {t(`adjustment.${kind}`)}
              </Button>
            ))}
          </span>
        ) : null,
    },
  ];
  return (
    <Section
      title={t('adjustment.title')}
      subject={t('adjustment.subject')}
      basis={
        mayWrite &&
        enpis.length > 0 && (
          <Button kind="words" onClick={() => setNew(true)}>
            {t('adjustment.new')}
          </Button>
        )
      }
    >
      <DataTable
        id="adjustments"
        name={t('adjustment.title')}
        columns={columns}
        rows={adjustments}
        rowKey={(a) => a.id}
        rowState={(a) => (a.state === 'refused' || a.state === 'withdrawn' ? 'muted' : undefined)}
        empty={t('adjustment.none')}
      />
      {isNew && <AdjustmentDialog sites={sites} enpis={enpis} onClose={() => setNew(false)} />}
      {decision && (
        <ReasonDialog
          title={`${t(`adjustment.${decision.kind}`)}: ${decision.of.event}`}
          path={`/adjustments/${decision.of.id}/decision`}
          body={(reason) => ({ decision: decision.kind, reason })}
          submit={t(`adjustment.${decision.kind}`)}
          onClose={() => setDecision(null)}
        />
      )}
      {shown && (
        <Dialog title={shown.event} onClose={() => setShown(null)} isWide>
          <dl className={styles.facts}>
            <dt>{t('target.period')}</dt>
            <dd>{period(shown)}</dd>
            <dt>{t('adjustment.method')}</dt>
            <dd className={styles.evidence}>{shown.method}</dd>
            <dt>{t('adjustment.evidence')}</dt>
            <dd className={styles.evidence}>{shown.evidence}</dd>
          </dl>
          <EvidenceFiles
            key={shown.id}
            adjustment={adjustments.find((a) => a.id === shown.id) ?? shown}
            timeZone={timeZone}
            mayWrite={mayWrite}
          />
          <Effects effects={shown.effectOnEnpis} />
          {shown.findings.length > 0 && (
            <ul className={styles.findings}>
              {shown.findings.map((f) => (
                <li key={`${f.code} ${f.message}`}>{findingText(f, t)}</li>
              ))}
            </ul>
          )}
        </Dialog>
      )}
    </Section>
  );
}

/** What an event does to every EnPI of its site: those that it does not touch are said, too. */
export function Effects({ effects }: { readonly effects: Adjustment['effectOnEnpis'] }) {
  const t = useTranslator();
  const share = (percent: number | null): string =>
    percent === null ? '—' : quantityText(formatPercent(t.locale, -percent / 100, { signed: true }));
  return (
    <table className={styles.effects}>
      <caption className="visually-hidden">{t('adjustment.effect')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('performance.enpi')}</th>
          <th scope="col">{t('adjustment.perDay')}</th>
          <th scope="col">{t('adjustment.sum')}</th>
          <th scope="col">{t('adjustment.before')}</th>
          <th scope="col">{t('adjustment.after')}</th>
        </tr>
      </thead>
      <tbody>
        {effects.map((e) => (
          <tr key={e.enpiId}>
            <th scope="row">{e.name}</th>
            <td>{quantityText(formatQuantity(t.locale, e.energy_wh_per_day, 'Wh', { signed: true }))}</td>
            <td>{quantityText(formatQuantity(t.locale, e.energy_wh, 'Wh', { signed: true }))}</td>
            <td>{share(e.savingsBefore_percent)}</td>
            <td>{share(e.savingsAfter_percent)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
