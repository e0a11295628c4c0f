'use client';
import type { EnbCandidate, EnbVersion, EnpiSummary, FindCandidates } from '@wattproof/contracts/api';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { request } from '../api/client.ts';
import { Section } from '../figure/section.tsx';
import { Button } from '../form/button.tsx';
import { Field, FormError } from '../form/field.tsx';
import { problemText } from '../form/problem.ts';
import { ReasonField } from '../form/reason-field.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import styles from './workbench.module.css';

const leastReason = 3;

/** Chooses a model with a reason: it becomes a proposed baseline, which a person with the right approves. */
export function ChooseForm({
  wish,
  candidate,
  modelText,
  enpiId,
  proposalId,
}: {
  readonly wish: FindCandidates;
  readonly candidate: EnbCandidate;
  readonly modelText: string;
  /** null: the EnPI is made together with its first baseline. */
  readonly enpiId: string | null;
  readonly proposalId: string | null;
}) {
  const t = useTranslator();
  const router = useRouter();
  const [name, setName] = useState('');
  const [reason, setReason] = useState('');
  const [isTried, setTried] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  // An EnPI that was made while its baseline was refused is not made a second time.
  const [madeId, setMadeId] = useState<string | null>(null);
  const isReasonMissing = reason.trim().length < leastReason;
  const isNameMissing = enpiId === null && name.trim() === '';
  const isRefused = candidate.refused.length > 0;

  const makeEnpi = async (): Promise<string | null> => {
    if (enpiId ?? madeId) return enpiId ?? madeId;
    const { siteId, meterIds, measurand, variableIds, granularity, baseline, reporting, confidence } = wish;
    const answer = await request<EnpiSummary>('/enpis', {
      method: 'POST',
      json: {
        siteId,
        name: name.trim(),
        kind:
          candidate.choice.form === 'mean'
            ? 'measured'
            : candidate.choice.form === 'ratio'
              ? 'ratio'
              : 'model',
        meterIds,
        measurand,
        variableIds,
        granularity,
        baseline,
        reportingFrom: reporting?.from ?? baseline.to,
        confidence,
      },
    });
    if (!answer.ok) {
      setError(problemText(t, answer.problem));
      return null;
    }
    setMadeId(answer.value.id);
    return answer.value.id;
  };

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setTried(true);
    if (isReasonMissing || isNameMissing) return;
    setBusy(true);
    setError(null);
    const id = await makeEnpi();
    if (id === null) {
      setBusy(false);
      return;
    }
    const answer = await request<EnbVersion>(`/enpis/${id}/enbs`, {
      method: 'POST',
      json: {
        choice: candidate.choice,
        baseline: wish.baseline,
        reason: reason.trim(),
        ...(proposalId ? { proposalId } : {}),
      },
    });
    setBusy(false);
    if (answer.ok) router.push(`/performance/${id}#baselines`);
    else setError(problemText(t, answer.problem));
  };

  return (
    <Section proof={{ without: 'trial' }} title={t('workbench.choose')} subject={modelText}>
      <form className={styles.choose} onSubmit={(event) => void submit(event)}>
        {isRefused ? (
          <p className={styles.note}>{t('workbench.refusedNote')}</p>
        ) : (
          <>
            {enpiId === null && (
              <Field
                label={t('workbench.name')}
                help={t('workbench.nameHelp')}
                error={isTried && isNameMissing ? t('form.required') : null}
              >
                {(control) => (
                  <input
                    {...control}
                    value={name}
                    maxLength={120}
                    onChange={(event) => setName(event.target.value)}
                  />
                )}
              </Field>
            )}
            <ReasonField
              reason={reason}
              help={t('workbench.reasonHelp')}
              isMissing={isTried && isReasonMissing}
              onChange={setReason}
            />
            {error && <FormError>{error}</FormError>}
            <div>
              <Button type="submit" kind="primary" disabled={isBusy}>
                {t(isBusy ? 'workbench.proposing' : 'workbench.propose')}
              </Button>
            </div>
          </>
        )}
      </form>
    </Section>
  );
}
