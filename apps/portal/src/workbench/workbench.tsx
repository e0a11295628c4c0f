'use client';
import type { EnbVersion, Meter, RelevantVariable } from '@wattproof/contracts/api';
import { formatLocalDate, formatNumber, formatPercent, quantityText } from '@wattproof/messages';
import { useMemo, useState } from 'react';
import { findingText } from '../figure/finding-text.ts';
import { Section, Verdict } from '../figure/section.tsx';
import { problemText } from '../form/problem.ts';
import { useTranslator } from '../i18n/provider.tsx';
import { addDays } from '../shell/period.ts';
import { State } from '../state/state.tsx';
import { CandidateCusum, CandidateFit, CandidateResiduals, CandidateSignature } from './candidate-charts.tsx';
import { isSameChoice } from './candidate-plot.ts';
import { CandidateTable } from './candidate-table.tsx';
import { type Choice, wishOf } from './choice.ts';
import { ChoiceForm } from './choice-form.tsx';
import { ChooseForm } from './choose-form.tsx';
import { modelName, variableNamesOf } from './model-text.ts';
import { TermTable } from './term-table.tsx';
import { useCandidates } from './use-candidates.ts';
import styles from './workbench.module.css';

/**
 * Where a baseline is found: meters, variables and periods at the left, every model that fits them ranked at the right,
 * the plots of the one that is looked at, and its choice with a reason. One screen; each change is answered at once.
 */
export function Workbench({
  site,
  meters,
  variables,
  start,
  enpi,
  inForce,
  proposalId,
  mayPropose,
}: {
  readonly site: { readonly id: string; readonly name: string; readonly timeZone: string };
  readonly meters: readonly Meter[];
  readonly variables: readonly RelevantVariable[];
  readonly start: Choice;
  /** null: a new EnPI. */
  readonly enpi: { readonly id: string; readonly name: string } | null;
  readonly inForce: EnbVersion | null;
  readonly proposalId: string | null;
  readonly mayPropose: boolean;
}) {
  const t = useTranslator();
  const [choice, setChoice] = useState(start);
  const [lookedAt, setLookedAt] = useState<string | null>(null);
  const wish = useMemo(() => wishOf(site.id, choice, meters), [site.id, choice, meters]);
  const { answer, problem, isLoading } = useCandidates(wish);
  const names = useMemo(() => variableNamesOf(answer?.variables ?? []), [answer]);
  const inForceId =
    answer?.candidates.find((c) => inForce?.choice && isSameChoice(c.choice, inForce.choice))?.id ?? null;
  const candidate = answer?.candidates.find((c) => c.id === lookedAt) ?? answer?.candidates[0] ?? null;
  const date = (d: string): string => formatLocalDate(t.locale, d, 'date');
  const usable = answer?.candidates.filter((c) => c.refused.length === 0).length ?? 0;
  const title = problem
    ? t('workbench.titleProblem')
    : answer === null
      ? t(wish === null ? 'workbench.titleEmpty' : 'workbench.titleFirst')
      : usable > 0
        ? t('workbench.titleUsable', { count: usable, all: answer.candidates.length })
        : t('workbench.titleNone');
  return (
    <>
      <Verdict
        title={title}
        aside={
          <>
            <p>{enpi?.name ?? t('workbench.new')}</p>
            <p>
              {site.name}, {site.timeZone}
            </p>
          </>
        }
      >
        {t('workbench.lead', {
          from: date(choice.baseline.from),
          to: date(addDays(choice.baseline.to, -1)),
        })}
      </Verdict>
      <div className={styles.bench}>
        <Section title={t('workbench.compared')}>
          <ChoiceForm
            meters={meters}
            variables={variables}
            choice={choice}
            onChange={setChoice}
            siteId={site.id}
            isFixed={enpi !== null}
          />
        </Section>
        <div className={styles.answer} data-loading={isLoading || undefined} aria-live="polite">
          {problem ? (
            <State title={t('workbench.titleProblem')} tone="critical" level={2}>
              <p>{problemText(t, problem)}</p>
            </State>
          ) : answer === null ? (
            <div className={styles.waiting} role="status">
              {t(wish === null ? 'workbench.titleEmpty' : 'workbench.working')}
            </div>
          ) : (
            <>
              <Section
                proof={{ without: 'trial' }}
                title={t('enpi.candidates')}
                subject={t('workbench.ranked')}
                basis={t('workbench.answered', {
                  measured: quantityText(formatPercent(t.locale, answer.measuredShare)),
                  time: formatNumber(t.locale, Math.round(answer.duration_ms)),
                })}
              >
                {answer.findings.length > 0 && (
                  <ul className={styles.findings}>
                    {answer.findings.map((f) => (
                      <li key={`${f.code} ${f.message}`}>{findingText(f, t)}</li>
                    ))}
                  </ul>
                )}
                <CandidateTable
                  candidates={answer.candidates}
                  names={names}
                  chosen={candidate?.id ?? null}
                  inForce={inForceId}
                  onChoose={setLookedAt}
                />
              </Section>
              {candidate && (
                <Section
                  proof={{ without: 'trial' }}
                  title={t('workbench.model')}
                  subject={`${modelName(candidate, t, names)} · ${t(`enbForm.${candidate.choice.form}`)}`}
                  basis={t('workbench.statistics', {
                    n: candidate.statistics.n,
                    parameters: candidate.statistics.parameters,
                    nmbe: formatNumber(t.locale, candidate.statistics.nmbe * 100, {
                      decimals: 2,
                      signed: true,
                    }),
                  })}
                >
                  <TermTable
                    id="terms"
                    terms={candidate.terms}
                    hourly={candidate.hourly}
                    unit={answer.unit}
                    names={names}
                  />
                  <ul className={styles.protocols}>
                    {candidate.verdicts.map((v) => (
                      <li key={v.protocol} data-passed={v.passed}>
                        <strong>{t(`protocol.${v.protocol}`)}</strong>{' '}
                        {v.passed
                          ? t('workbench.protocolPassed')
                          : v.findings.map((f) => findingText(f, t)).join(' ')}
                      </li>
                    ))}
                    {[...candidate.refused, ...candidate.warnings].map((f) => (
                      <li key={`${f.code} ${f.message}`} data-passed={false}>
                        {findingText(f, t)}
                      </li>
                    ))}
                  </ul>
                </Section>
              )}
            </>
          )}
        </div>
      </div>
      {answer && candidate && (
        <div className={styles.plots} data-loading={isLoading || undefined}>
          <CandidateSignature
            answer={answer}
            candidate={candidate}
            names={names}
            confidence={choice.confidence}
          />
          <CandidateFit answer={answer} candidate={candidate} names={names} confidence={choice.confidence} />
          <CandidateResiduals
            answer={answer}
            candidate={candidate}
            names={names}
            confidence={choice.confidence}
          />
          <CandidateCusum
            answer={answer}
            candidate={candidate}
            names={names}
            confidence={choice.confidence}
          />
        </div>
      )}
      {wish && candidate && mayPropose && (
        <div className={styles.below}>
          <ChooseForm
            key={candidate.id}
            wish={wish}
            candidate={candidate}
            modelText={modelName(candidate, t, names)}
            enpiId={enpi?.id ?? null}
            proposalId={proposalId}
          />
        </div>
      )}
    </>
  );
}
