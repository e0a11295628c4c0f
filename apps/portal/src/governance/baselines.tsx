'use client';
import type { EnbRegister, EnbVersion, RelevantVariable } from '@wattproof/contracts/api';
import { entry } from '@wattproof/evidence/figure-member';
import {
  formatInstant,
  formatLocalDate,
  formatNumber,
  formatPercent,
  type PortalTranslator,
  quantityText,
} from '@wattproof/messages';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { Figure } from '../figure/figure.tsx';
import { findingText } from '../figure/finding-text.ts';
import { Section } from '../figure/section.tsx';
import { Button, LinkButton } from '../form/button.tsx';
import { Dialog, DialogButtons } from '../form/dialog.tsx';
import { FormError } from '../form/field.tsx';
import { ReasonField } from '../form/reason-field.tsx';
import { useSubmit } from '../form/use-submit.ts';
import { useTranslator } from '../i18n/provider.tsx';
import { addDays } from '../shell/period.ts';
import { type Column, DataTable } from '../table/data-table.tsx';
import { modelName, type VariableNames } from '../workbench/model-text.ts';
import { TermTable } from '../workbench/term-table.tsx';
import styles from './governance.module.css';

/** What counts now: a proposal that nobody has approved is used until one is, and says so. */
const stateText = (e: EnbVersion, t: PortalTranslator): string =>
  e.isInForce ? t(e.state === 'approved' ? 'enb.inForce' : 'enb.inUse') : t(`enb.state.${e.state}`);

export const namesOf = (variables: readonly RelevantVariable[]): VariableNames =>
  new Map(variables.map((v) => [v.key, { name: v.name, unit: v.unit }]));

/** The register of an EnPI's baselines: every version with its fit, who proposed and who approved it, and why. */
export function Baselines({
  register,
  names,
  timeZone,
  unit,
  mayWrite,
}: {
  readonly register: EnbRegister;
  readonly names: VariableNames;
  readonly timeZone: string;
  readonly unit: string;
  readonly mayWrite: boolean;
}) {
  const t = useTranslator();
  const [decided, setDecided] = useState<EnbVersion | null>(null);
  const [shown, setShown] = useState<EnbVersion | null>(null);
  const date = (d: string): string => formatLocalDate(t.locale, d, 'date');
  const at = (instant: string): string => formatInstant(t.locale, timeZone, instant, 'dateTime');
  const inForce = register.enbs.find((e) => e.isInForce) ?? null;
  const columns: Column<EnbVersion>[] = [
    {
      id: 'version',
      head: t('enb.version'),
      phone: 'title',
      cell: (e) => (
        <span className={styles.stack}>
          <span>{t('enb.versionOf', { version: e.version })}</span>
          <small>
            {t('performance.period', { from: date(e.baseline.from), to: date(addDays(e.baseline.to, -1)) })}
          </small>
        </span>
      ),
      sort: (e) => e.version,
      text: (e) => `v${e.version}, ${e.baseline.from} – ${e.baseline.to}`,
    },
    {
      id: 'model',
      head: t('enpi.variables'),
      cell: (e) => (
        <span className={styles.stack}>
          <button type="button" className={styles.words} onClick={() => setShown(e)}>
            {modelName(e, t, names)}
          </button>
          <small>
            {t('enb.fit', {
              cv: formatNumber(t.locale, e.statistics.cvRmse * 100, { decimals: 1 }),
              r2: formatNumber(t.locale, e.statistics.adjustedR2, { decimals: 2 }),
              n: e.statistics.n,
            })}
          </small>
        </span>
      ),
      text: (e) => modelName(e, t, names),
    },
    {
      id: 'result',
      head: t('performance.against'),
      align: 'right',
      proof: 'inCell',
      cell: (e) => <ResultFigure version={e} />,
      sort: (e) => e.result?.savings_percent ?? null,
      text: (e) =>
        e.result
          ? quantityText(formatPercent(t.locale, -e.result.savings_percent / 100, { signed: true }))
          : '',
    },
    {
      id: 'state',
      head: t('enb.state'),
      cell: (e) => (
        <span
          className={styles.state}
          data-state={e.isInForce && e.state === 'approved' ? 'inForce' : e.state}
        >
          {stateText(e, t)}
        </span>
      ),
      sort: (e) => e.state,
      text: (e) => stateText(e, t),
    },
    {
      id: 'who',
      head: t('enb.who'),
      cell: (e) => (
        <span className={styles.who}>
          <span>
            {t('enb.proposedBy', {
              name: e.proposedBy ?? t('enb.system'),
              at: at(e.proposedAt),
              reason: e.reason,
            })}
          </span>
          {e.decidedAt && (
            <span>
              {t('enb.decidedBy', {
                name: e.decidedBy ?? t('enb.system'),
                at: at(e.decidedAt),
                reason: e.decisionReason ?? '—',
              })}
            </span>
          )}
        </span>
      ),
      text: (e) => [e.proposedBy, e.reason, e.decidedBy, e.decisionReason].filter(Boolean).join('; '),
    },
    {
      id: 'act',
      head: t('table.actions'),
      isHeadHidden: true,
      align: 'right',
      proof: 'inCell',
      cell: (e) =>
        e.state === 'proposed' && mayWrite ? (
          <Button kind="words" onClick={() => setDecided(e)}>
            {t('enb.decide', { version: e.version })}
          </Button>
        ) : null,
    },
  ];
  return (
    <div id="baselines">
      <Section
        proof={{ member: 'enbs' }}
        title={t('enb.title')}
        subject={t('enb.subject')}
        basis={
          mayWrite && (
            <LinkButton href={`/performance/${register.enpiId}/baseline`} kind="words">
              {t('enb.look')}
            </LinkButton>
          )
        }
      >
        <DataTable
          id="baselines"
          name={t('enb.title')}
          columns={columns}
          rows={register.enbs}
          rowKey={(e) => e.id}
          rowState={(e) =>
            e.isInForce ? 'selected' : e.state === 'retired' || e.state === 'refused' ? 'muted' : undefined
          }
          withTools={false}
          empty={t('enb.none')}
        />
      </Section>
      {decided && (
        <DecisionDialog
          enpiId={register.enpiId}
          version={decided}
          inForce={inForce}
          names={names}
          onClose={() => setDecided(null)}
        />
      )}
      {shown && (
        <Dialog title={t('enb.modelOf', { version: shown.version })} onClose={() => setShown(null)} isWide>
          <TermTable id="enb-terms" terms={shown.terms} hourly={shown.hourly} unit={unit} names={names} />
          <dl className={styles.facts}>
            <dt>{t('enpi.r2')}</dt>
            <dd>{formatNumber(t.locale, shown.statistics.r2, { decimals: 4 })}</dd>
            <dt>{t('enb.cvLong')}</dt>
            <dd>{formatNumber(t.locale, shown.statistics.cvRmse * 100, { decimals: 2 })} %</dd>
            <dt>{t('enb.cvSlopes')}</dt>
            <dd>{formatNumber(t.locale, shown.statistics.cvRmseSlopesOnly * 100, { decimals: 2 })} %</dd>
            <dt>{t('enb.nmbe')}</dt>
            <dd>{formatNumber(t.locale, shown.statistics.nmbe * 100, { decimals: 3, signed: true })} %</dd>
            <dt>{t('enb.effective')}</dt>
            <dd>
              {t('enb.effectiveOf', {
                n: shown.statistics.n,
                effective: Math.round(shown.statistics.effectiveN),
                lag: formatNumber(t.locale, shown.statistics.autocorrelation, { decimals: 2 }),
              })}
            </dd>
            <dt>{t('enb.fingerprint')}</dt>
            <dd>
              <code>{shown.inputSha256}</code>
            </dd>
          </dl>
          {shown.findings.length > 0 && (
            <ul className={styles.findings}>
              {shown.findings.map((f) => (
                <li key={`${f.code} ${f.message}`}>{findingText(f, t)}</li>
              ))}
            </ul>
          )}
        </Dialog>
      )}
    </div>
  );
}

function ResultFigure({ version }: { readonly version: EnbVersion }) {
  const t = useTranslator();
  const { result } = version;
  if (!result) return <>—</>;
  return (
    <Figure
      proof={{ member: `${entry('enbs', { id: version.id })}.result.savings_percent` }}
      quantity={formatPercent(t.locale, -result.savings_percent / 100, { signed: true })}
      half={formatNumber(t.locale, result.halfWidth_percent, { decimals: 1 })}
    />
  );
}

/** Both baselines side by side, then the decision with its reason. */
function DecisionDialog({
  enpiId,
  version,
  inForce,
  names,
  onClose,
}: {
  readonly enpiId: string;
  readonly version: EnbVersion;
  readonly inForce: EnbVersion | null;
  readonly names: VariableNames;
  readonly onClose: () => void;
}) {
  const t = useTranslator();
  const router = useRouter();
  const { isBusy, error, send } = useSubmit();
  const [reason, setReason] = useState('');
  const [isTried, setTried] = useState(false);
  const isMissing = reason.trim().length < 3;
  const decide = async (decision: 'approve' | 'refuse'): Promise<void> => {
    setTried(true);
    if (isMissing) return;
    const answer = await send(`/enpis/${enpiId}/enbs/${version.id}/decision`, {
      method: 'POST',
      json: { decision, reason: reason.trim() },
    });
    if (!answer.ok) return;
    onClose();
    router.refresh();
  };
  const both = [inForce, version].filter((e): e is EnbVersion => e !== null);
  const date = (d: string): string => formatLocalDate(t.locale, d, 'date');
  return (
    <Dialog title={t('enb.decide', { version: version.version })} onClose={onClose} isWide>
      <p>{t(inForce ? 'enb.bothText' : 'enb.firstText')}</p>
      <table className={styles.both}>
        <caption className="visually-hidden">{t('enb.both')}</caption>
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">{t('enb.version')}</span>
            </th>
            {both.map((e) => (
              <th key={e.id} scope="col">
                {t('enb.versionOf', { version: e.version })}
                <small> {stateText(e, t)}</small>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">{t('enb.period')}</th>
            {both.map((e) => (
              <td key={e.id}>
                {t('performance.period', {
                  from: date(e.baseline.from),
                  to: date(addDays(e.baseline.to, -1)),
                })}
              </td>
            ))}
          </tr>
          <tr>
            <th scope="row">{t('enpi.variables')}</th>
            {both.map((e) => (
              <td key={e.id}>{modelName(e, t, names)}</td>
            ))}
          </tr>
          <tr>
            <th scope="row">{t('enb.cvLong')}</th>
            {both.map((e) => (
              <td key={e.id}>{formatNumber(t.locale, e.statistics.cvRmse * 100, { decimals: 1 })} %</td>
            ))}
          </tr>
          <tr>
            <th scope="row">{t('performance.against')}</th>
            {both.map((e) => (
              <td key={e.id}>
                <ResultFigure version={e} />
              </td>
            ))}
          </tr>
          <tr>
            <th scope="row">{t('performance.verdict')}</th>
            {both.map((e) => (
              <td key={e.id}>{t(`savings.${e.result?.verdict ?? 'insufficientData'}`)}</td>
            ))}
          </tr>
        </tbody>
      </table>
      <form
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          void decide('approve');
        }}
      >
        <ReasonField
          reason={reason}
          help={t('enb.reasonHelp')}
          isMissing={isTried && isMissing}
          onChange={setReason}
        />
        {error && <FormError>{error}</FormError>}
        <DialogButtons>
          <Button type="submit" kind="primary" disabled={isBusy}>
            {t('enb.approve')}
          </Button>
          <Button kind="destructive" disabled={isBusy} onClick={() => void decide('refuse')}>
            {t('enb.refuse')}
          </Button>
          <Button onClick={onClose}>{t('form.cancel')}</Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
