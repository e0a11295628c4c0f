'use client';
import { roundEnd } from '@wattproof/charts';
import type {
  EnbRegister,
  EnpiDetail,
  EnpiPerformance,
  RebaselineProposal,
  RelevantVariable,
} from '@wattproof/contracts/api';
import {
  formatLocalDate,
  formatMoney,
  formatPercent,
  formatQuantity,
  type PortalTranslator,
  quantityText,
} from '@wattproof/messages';
import Link from 'next/link';
import { Fragment } from 'react';
import { findingText } from '../figure/finding-text.ts';
import { Scale } from '../figure/scale.tsx';
import { Section, Verdict } from '../figure/section.tsx';
import { Baselines, namesOf } from '../governance/baselines.tsx';
import { Proposals } from '../governance/proposals.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { FigureSource } from '../receipt/figure-source.tsx';
import { Proved } from '../receipt/proved.tsx';
import { addDays } from '../shell/period.ts';
import { sitePath } from '../shell/place.ts';
import { AdjustedBy } from './adjusted-by.tsx';
import { Candidates } from './candidates.tsx';
import { Cusum, Months, Residuals, Signature } from './enpi-charts.tsx';
import { MethodTable } from './method-table.tsx';
import styles from './performance.module.css';
import { RunningTrend } from './running-trend.tsx';
import { holdsZero } from './saving-interval.tsx';
import { SavingMonths } from './saving-months.tsx';
import { Targets } from './targets.tsx';

/** Two decimals; what is less than the last of them is not told as nothing. */
function smallPercent(t: PortalTranslator, share: number): string {
  const text = (value: number): string => quantityText(formatPercent(t.locale, value, { decimals: 2 }));
  const least = 0.0001;
  return share > 0 && share < least ? t('enpi.lessThan', { value: text(least) }) : text(share);
}

/** The workspace of one EnPI: the answer with its uncertainty on a scale, then what it rests on. */
export function EnpiView({
  enpi,
  performance,
  register,
  proposals,
  variables,
  today,
  mayWrite,
}: {
  readonly enpi: EnpiDetail;
  readonly performance: EnpiPerformance;
  readonly register: EnbRegister;
  readonly proposals: readonly RebaselineProposal[];
  readonly variables: readonly RelevantVariable[];
  readonly today: string;
  readonly mayWrite: boolean;
}) {
  const t = useTranslator();
  const { savings } = enpi;
  const date = (d: string): string => formatLocalDate(t.locale, d, 'date');
  return (
    <FigureSource path={`/enpis/${enpi.id}`}>
      <Verdict
        proof={savings ? { member: 'savings' } : undefined}
        title={title()}
        aside={
          <>
            <p>{enpi.name}</p>
            <p>
              <Link href={sitePath(enpi.siteId)}>{enpi.siteName}</Link>
            </p>
          </>
        }
      >
        {[
          ...(enpi.reporting ? [t('enpi.since', { date: date(enpi.reporting.from) })] : []),
          ...(performance.enb
            ? [
                t(performance.enb.state === 'approved' ? 'enpi.against' : 'enpi.againstProposed', {
                  version: performance.enb.version,
                }),
              ]
            : []),
        ].join(', ')}
      </Verdict>
      {savings ? <Result enpi={enpi} savings={savings} /> : null}
      {(enpi.baseline?.findings.length ?? 0) > 0 && (
        <div style={{ marginTop: 18 }}>
          <Section title={t('enpi.findings')}>
            <ul className={styles.findings}>
              {enpi.baseline?.findings.map((f) => (
                <li key={`${f.code} ${f.message}`}>{findingText(f, t)}</li>
              ))}
            </ul>
          </Section>
        </div>
      )}
      <div className={styles.charts}>
        <Signature enpi={enpi} />
        <Cusum enpi={enpi} changes={performance.changes} />
        <Residuals enpi={enpi} />
        <Candidates
          enpi={enpi}
          inForce={register.enbs.find((e) => e.id === performance.enb?.id) ?? null}
          unit={performance.unit}
          names={namesOf(variables)}
        />
        <Months enpi={enpi} />
        <SavingMonths enpi={enpi} />
        <FigureSource path={`/enpis/${enpi.id}/performance`}>
          <RunningTrend performance={performance} kind="rollingYear" />
          <RunningTrend performance={performance} kind="yearToDate" />
        </FigureSource>
      </div>
      <div className={styles.below}>
        <FigureSource path={`/enpis/${enpi.id}/performance`}>
          <MethodTable performance={performance} />
          <Targets performance={performance} mayWrite={mayWrite} />
        </FigureSource>
        <FigureSource path={`/enpis/${enpi.id}/enbs`}>
          <Baselines
            register={register}
            names={namesOf(variables)}
            timeZone={performance.timeZone}
            unit={performance.unit}
            mayWrite={mayWrite}
          />
        </FigureSource>
        <Proposals
          proposals={proposals}
          timeZone={performance.timeZone}
          mayWrite={mayWrite}
          raiseFor={{ enpiId: enpi.id, today }}
        />
        <FigureSource path={`/enpis/${enpi.id}/performance`}>
          <AdjustedBy performance={performance} />
        </FigureSource>
      </div>
    </FigureSource>
  );

  function title(): string {
    if (!savings || savings.verdict === 'insufficientData') return t('enpi.insufficient');
    if (savings.verdict === 'notDistinguishableFromZero') return t('enpi.notDistinguishable');
    const share = quantityText(formatPercent(t.locale, Math.abs(savings.share.value)));
    return t(savings.verdict === 'saving' ? 'enpi.saving' : 'enpi.excess', { share });
  }
}

function Result({
  enpi,
  savings,
}: {
  readonly enpi: EnpiDetail;
  readonly savings: NonNullable<EnpiDetail['savings']>;
}) {
  const t = useTranslator();
  const { share, energy_wh, cost } = savings;
  const half = share.halfWidth ?? 0;
  const isOpen = holdsZero(share);
  const percent = (v: number, signed = true): string => quantityText(formatPercent(t.locale, v, { signed }));
  const reach = roundEnd(Math.max(0.04, Math.abs(share.value) + half), 3) * 100;
  const low = share.value < 0 ? -reach : -reach / 2;
  const high = share.value < 0 ? reach / 2 : reach;
  const date = (d: string): string => formatLocalDate(t.locale, d, 'date');
  const bold = (children: (string | React.ReactElement)[]) => <strong>{children}</strong>;
  const parts = (list: readonly (string | React.ReactElement)[]) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: parts of one sentence keep their order
    list.map((part, i) => <Fragment key={i}>{part}</Fragment>);
  return (
    <Section
      proof={{ member: 'savings' }}
      title={t('enpi.result')}
      subject={t('performance.period', { from: date(savings.from), to: date(savings.to) })}
      basis={t('enpi.parts', {
        model: percent(savings.modelHalfWidth, false),
        metering: smallPercent(t, savings.meteringHalfWidth),
      })}
    >
      <p className={styles.answerRow}>
        <span className={styles.big}>
          <Proved proof={{ member: 'savings.share.value' }} label={t('enpi.result')}>
            {percent(share.value)}
          </Proved>
          {share.halfWidth !== null && <small> ± {formatPercent(t.locale, share.halfWidth).value}</small>}
        </span>
        {share.confidence !== null && (
          <span className={styles.confidence}>
            <span data-receiptless="stated">
              {t('enpi.confidence', {
                confidence: quantityText(formatPercent(t.locale, share.confidence, { decimals: 0 })),
              })}
            </span>
          </span>
        )}
      </p>
      <p>
        {enpi.baseline &&
          parts(
            t.rich<React.ReactElement>(
              'enpi.sentence',
              {
                from: date(enpi.baseline.from),
                to: date(addDays(enpi.baseline.to, -1)),
                energy: quantityText(formatQuantity(t.locale, energy_wh.value, 'Wh', { signed: true })),
                half: quantityText(formatQuantity(t.locale, energy_wh.halfWidth ?? 0, 'Wh')),
              },
              { b: bold },
            ),
          )}
        {enpi.baseline &&
          (cost
            ? parts(
                t.rich<React.ReactElement>(
                  'enpi.sentenceMoney',
                  { money: formatMoney(t.locale, cost, { signed: true }) },
                  { b: bold },
                ),
              )
            : t('enpi.sentenceEnd'))}{' '}
        {isOpen && t('enpi.holdsZero')}
      </p>
      <p className={styles.small}>
        {savings.metering
          ? t(`enpi.metering.${savings.metering.chain}`, {
              uncertainty: quantityText(
                formatPercent(t.locale, savings.metering.standardUncertainty_percent / 100, { decimals: 2 }),
              ),
            })
          : t('enpi.metering.unknown')}
      </p>
      <Scale
        min={low}
        max={high}
        majors={5}
        value={share.value * 100}
        interval={{ low: (share.value - half) * 100, high: (share.value + half) * 100, holdsZero: isOpen }}
        unit="%"
        format={(v) =>
          v === 0
            ? t('enpi.asBaseline')
            : formatPercent(t.locale, v / 100, { decimals: 0, signed: true }).value
        }
        label={t('enpi.scaleSaid', {
          value: percent(share.value),
          low: percent(share.value - half),
          high: percent(share.value + half),
        })}
      />
    </Section>
  );
}
