'use client';
import type { AuditEffortWish, ScopeProposalView } from '@wattproof/contracts/api';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { Section } from '../figure/section.tsx';
import { Button } from '../form/button.tsx';
import { Field, FormError } from '../form/field.tsx';
import { parseNumber } from '../form/parse-number.ts';
import { useSubmit } from '../form/use-submit.ts';
import { useTranslator } from '../i18n/provider.tsx';
import { percent, siteUseName } from './audit-text.ts';
import styles from './effort-form.module.css';

type Cluster = AuditEffortWish['clusters'][number] & { readonly key: number };
interface SiteDraft {
  readonly siteId: string;
  readonly name: string;
  readonly days: string;
  readonly travel: string;
  readonly isMandatory: boolean;
  readonly cluster: string;
}
type UseDraft = ScopeProposalView['uses'][number] & {
  /** Empty: it is no candidate. */
  readonly days: string;
};

/** Two digits after the point, as the service keeps them; null where it is no number or below zero. */
function amountOf(text: string): string | null {
  const value = parseNumber(text);
  return value === null || value < 0 ? null : String(Math.round(value * 100) / 100);
}

const replaced = <Item,>(items: readonly Item[], at: number, change: Partial<Item>): Item[] =>
  items.map((item, i) => (i === at ? { ...item, ...change } : item));

interface UsePlace {
  readonly siteId: string;
  readonly carrier: string;
  readonly energyUse: string;
}
const isSameUse = (a: UsePlace, b: UsePlace): boolean =>
  a.siteId === b.siteId && a.carrier === b.carrier && a.energyUse === b.energyUse;

/** What auditing each site and use costs, which must be audited, and which sites are alike. */
export function EffortForm({
  auditId,
  proposal,
}: {
  readonly auditId: string;
  readonly proposal: ScopeProposalView;
}) {
  const t = useTranslator();
  const router = useRouter();
  const { isBusy, error, send } = useSubmit();
  const [rate, setRate] = useState(proposal.effort.ratePerDay);
  const [sites, setSites] = useState<readonly SiteDraft[]>(() =>
    proposal.parts
      .filter(({ kind }) => kind === 'site')
      .map((part) => ({
        siteId: part.id,
        name: part.name,
        days: part.auditorDays,
        travel: part.travelCost,
        isMandatory: part.isMandatory,
        cluster: part.cluster ?? '',
      })),
  );
  const [uses, setUses] = useState<readonly UseDraft[]>(() =>
    proposal.uses.map((use) => ({
      ...use,
      days: proposal.effort.uses.find((one) => isSameUse(one, use))?.auditorDays ?? '',
    })),
  );
  const [clusters, setClusters] = useState<readonly Cluster[]>(() =>
    proposal.effort.clusters.map((cluster, key) => ({ ...cluster, key })),
  );
  const [isBad, setBad] = useState(false);
  const set = (at: number, part: Partial<SiteDraft>): void => setSites(replaced(sites, at, part));
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const priced = uses.filter(({ days }) => days.trim() !== '');
    const numbers = [
      rate,
      ...sites.flatMap(({ days, travel }) => [days, travel]),
      ...priced.map(({ days }) => days),
    ].map(amountOf);
    setBad(numbers.includes(null));
    if (numbers.includes(null)) return;
    const effort: AuditEffortWish = {
      ratePerDay: amountOf(rate) ?? '0',
      sites: sites.map(({ siteId, days, travel, isMandatory, cluster }) => ({
        siteId,
        auditorDays: amountOf(days) ?? '0',
        travelCost: amountOf(travel) ?? '0',
        isMandatory,
        cluster: cluster || null,
      })),
      uses: priced.map(({ siteId, carrier, energyUse, days }) => ({
        siteId,
        carrier,
        energyUse,
        auditorDays: amountOf(days) ?? '0',
      })),
      clusters: clusters.map(({ key: _, ...cluster }) => cluster),
    };
    const answer = await send(`/audits/${auditId}/effort`, { method: 'PUT', json: effort });
    if (answer.ok) router.refresh();
  };
  const bad = (text: string): string | null => (amountOf(text) === null ? t('obligation.badNumber') : null);
  return (
    <Section
      proof={{ without: 'stated' }}
      title={t('scope.effort')}
      basis={t('scope.effortText')}
      className={styles.block}
    >
      <form onSubmit={submit} className={styles.form}>
        <div className={styles.rate}>
          <Field label={t('scope.rate')} help={t('scope.rateHelp')} error={bad(rate)}>
            {(control) => (
              <input
                {...control}
                inputMode="decimal"
                value={rate}
                onChange={(e) => setRate(e.target.value)}
              />
            )}
          </Field>
        </div>
        {sites.map((site, i) => (
          <fieldset key={site.siteId} className={styles.row}>
            <legend>{site.name}</legend>
            <Field label={t('scope.auditorDays')} error={bad(site.days)}>
              {(control) => (
                <input
                  {...control}
                  inputMode="decimal"
                  value={site.days}
                  onChange={(e) => set(i, { days: e.target.value })}
                />
              )}
            </Field>
            <Field label={t('scope.travel')} error={bad(site.travel)}>
              {(control) => (
                <input
                  {...control}
                  inputMode="decimal"
                  value={site.travel}
                  onChange={(e) => set(i, { travel: e.target.value })}
                />
              )}
            </Field>
            <Field label={t('scope.cluster')}>
              {(control) => (
                <select
                  {...control}
                  value={site.cluster}
                  onChange={(e) => set(i, { cluster: e.target.value })}
                >
                  <option value="">{t('scope.clusterNone')}</option>
                  {clusters
                    .filter(({ name }) => name !== '')
                    .map(({ key, name }) => (
                      <option key={key}>{name}</option>
                    ))}
                </select>
              )}
            </Field>
            <label className={styles.check}>
              <input
                type="checkbox"
                checked={site.isMandatory}
                onChange={(e) => set(i, { isMandatory: e.target.checked })}
              />
              {t('scope.mandatory')}
            </label>
            {uses.some((use) => use.siteId === site.siteId) && (
              <fieldset className={styles.uses}>
                <legend>{t('scope.useDays')}</legend>
                {uses.map(
                  (use, at) =>
                    use.siteId === site.siteId && (
                      <Field
                        key={use.id}
                        label={siteUseName(t, '', use)}
                        help={t('scope.useShare', { share: percent(t, Number(use.share)) })}
                        error={use.days.trim() === '' ? null : bad(use.days)}
                      >
                        {(control) => (
                          <input
                            {...control}
                            inputMode="decimal"
                            placeholder={t('scope.useNone')}
                            value={use.days}
                            onChange={(e) => setUses(replaced(uses, at, { days: e.target.value }))}
                          />
                        )}
                      </Field>
                    ),
                )}
              </fieldset>
            )}
          </fieldset>
        ))}
        <fieldset className={styles.clusters}>
          <legend>{t('scope.clusters')}</legend>
          {clusters.map((cluster, i) => (
            <div key={cluster.key} className={styles.row}>
              <Field label={t('scope.clusterName')}>
                {(control) => (
                  <input
                    {...control}
                    required
                    maxLength={100}
                    value={cluster.name}
                    onChange={(e) => setClusters(replaced(clusters, i, { name: e.target.value }))}
                  />
                )}
              </Field>
              <Field label={t('scope.clusterWhy')}>
                {(control) => (
                  <input
                    {...control}
                    maxLength={2000}
                    value={cluster.justification}
                    onChange={(e) => setClusters(replaced(clusters, i, { justification: e.target.value }))}
                  />
                )}
              </Field>
              <Field label={t('scope.clusterSize')} help={t('scope.clusterSizeHelp')}>
                {(control) => (
                  <input
                    {...control}
                    type="number"
                    min={1}
                    value={cluster.statedSize ?? ''}
                    onChange={(e) =>
                      setClusters(
                        replaced(clusters, i, { statedSize: e.target.value ? Number(e.target.value) : null }),
                      )
                    }
                  />
                )}
              </Field>
              <Button
                kind="words"
                onClick={() => {
                  setClusters(clusters.filter(({ key }) => key !== cluster.key));
                  setSites(
                    sites.map((site) => (site.cluster === cluster.name ? { ...site, cluster: '' } : site)),
                  );
                }}
              >
                {t('obligation.removeRow')}
              </Button>
            </div>
          ))}
          <Button
            onClick={() =>
              setClusters([
                ...clusters,
                {
                  key: Math.max(-1, ...clusters.map(({ key }) => key)) + 1,
                  name: '',
                  justification: '',
                  statedSize: null,
                },
              ])
            }
          >
            {t('scope.addCluster')}
          </Button>
        </fieldset>
        {(isBad || error) && <FormError>{error ?? t('obligation.badNumber')}</FormError>}
        <div className={styles.buttons}>
          <Button kind="primary" type="submit" disabled={isBusy}>
            {t('scope.saveEffort')}
          </Button>
        </div>
      </form>
    </Section>
  );
}
