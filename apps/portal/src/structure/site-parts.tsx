'use client';
import { consumptionGroups, type SiteConsumption } from '@wattproof/contracts/api';
import { entry } from '@wattproof/evidence/figure-member';
import { useState } from 'react';
import exploreStyles from '../explore/explore.module.css';
import { useLoaded } from '../explore/use-series.ts';
import { Section } from '../figure/section.tsx';
import { FormError } from '../form/field.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { FigureSource } from '../receipt/figure-source.tsx';
import { sitePath } from '../shell/place.ts';
import { withQuery } from '../shell/query.ts';
import { PartTable } from './part-table.tsx';

export type ConsumptionGroup = SiteConsumption['by'];

/** The site's consumption, whole and by its parts: zones, panels, circuits, meters or uses. */
export function SiteParts({
  siteId,
  initial,
  period,
  query,
  basis,
}: {
  readonly siteId: string;
  readonly initial: SiteConsumption;
  readonly period: string;
  /** `from` and `to` of the period. */
  readonly query: string;
  readonly basis: string;
}) {
  const t = useTranslator();
  const [by, setBy] = useState<ConsumptionGroup>(initial.by);
  const path = `/sites/${siteId}/consumption?by=${by}&${query}`;
  const { value, error, isLoading } = useLoaded<SiteConsumption>(path, initial);
  const choose = (group: ConsumptionGroup): void => {
    setBy(group);
    window.history.replaceState(
      null,
      '',
      `${window.location.pathname}${withQuery(window.location.search, { by: group === 'zone' ? null : group })}`,
    );
  };
  return (
    <Section
      title={t('site.consumption.parts')}
      subject={
        <fieldset className={exploreStyles.tabs} aria-label={t('structure.by')}>
          {consumptionGroups.map((group) => (
            <button key={group} type="button" aria-pressed={group === by} onClick={() => choose(group)}>
              {t(`structure.by.${group}`)}
            </button>
          ))}
        </fieldset>
      }
      basis={basis}
    >
      {error && <FormError>{error}</FormError>}
      <div aria-busy={isLoading} style={isLoading ? { opacity: 0.55 } : undefined}>
        {value && (
          <FigureSource path={`/sites/${siteId}/consumption?by=${value.by}&${query}`}>
            <PartTable
              id="parts"
              name={t('site.consumption.parts')}
              head={t(`structure.one.${value.by}`)}
              siteId={siteId}
              period={period}
              rows={value.rows}
              totals={value.totals}
              totalName={t('site.total')}
              totalProof={({ carrier }, member) => ({
                member: `${entry('totals', { carrier })}.${member}`,
              })}
              hrefOf={(r) =>
                r.id === null || value.by === 'use'
                  ? null
                  : sitePath(
                      siteId,
                      value.by === 'meter' ? `/meters/${r.id}` : `/structure/${value.by}/${r.id}`,
                    )
              }
            />
          </FigureSource>
        )}
      </div>
    </Section>
  );
}
