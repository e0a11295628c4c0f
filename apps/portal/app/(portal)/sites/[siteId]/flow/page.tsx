import { siteBalance, siteUses } from '@wattproof/contracts/api';
import { formatLocalDate, formatPercent, formatQuantity, quantityText } from '@wattproof/messages';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { apiGet, currentMe, may } from '../../../../../src/api/server.ts';
import { Verdict } from '../../../../../src/figure/section.tsx';
import styles from '../../../../../src/flow/flow.module.css';
import { flowFactors } from '../../../../../src/flow/flow-factors.ts';
import { FlowView } from '../../../../../src/flow/flow-view.tsx';
import { siteFlow } from '../../../../../src/flow/site-flow.ts';
import { LinkButton } from '../../../../../src/form/button.tsx';
import { getTranslator } from '../../../../../src/i18n/server.ts';
import { FigureSource } from '../../../../../src/receipt/figure-source.tsx';
import {
  addDays,
  dateIn,
  fitPeriod,
  parsePeriod,
  periodText,
  spanOf,
} from '../../../../../src/shell/period.ts';
import { sitePath } from '../../../../../src/shell/place.ts';
import { RememberSite } from '../../../../../src/site/remember-site.tsx';
import { Forbidden } from '../../../../../src/state/forbidden.tsx';
import { State } from '../../../../../src/state/state.tsx';

interface Props {
  readonly params: Promise<{ siteId: string }>;
  readonly searchParams: Promise<{ period?: string; unit?: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator())('nav.flow') };
}

/** Where the energy of a site comes from, which way it goes, and what no meter explains. */
export default async function FlowPage({ params, searchParams }: Props) {
  const [{ siteId }, asked, me, t] = await Promise.all([params, searchParams, currentMe(), getTranslator()]);
  if (!may(me, 'site:read')) return <Forbidden me={me} page="nav.flow" />;
  const site = me.sites.find((s) => s.id === siteId);
  if (!site) notFound();
  const period = fitPeriod(parsePeriod(asked.period), 'range', dateIn(site.timeZone, Date.now()));
  const { from, to } = spanOf(period);
  const query = `from=${from}&to=${addDays(to, 1)}`;
  const [balance, uses] = await Promise.all([
    apiGet(`/sites/${siteId}/balance?${query}`, siteBalance),
    apiGet(`/sites/${siteId}/uses?${query}`, siteUses),
  ]);
  const factors = flowFactors(balance, uses);
  const unit = asked.unit === 'cost' ? 'cost' : 'energy';
  const flow = siteFlow(balance.carriers, (carrier) => factors[carrier]?.energy ?? null, {
    isShort: true,
    unexplained: t('use.unexplained'),
    nameOfUse: (use) => t(`use.${use}` as 'use.process'),
  });
  const supplied = flow.links.reduce((sum, l) => sum + l.value, 0);
  const open = flow.links.filter((l) => l.isUnexplained).reduce((sum, l) => sum + l.value, 0);
  const byUse = new Map<string, number>();
  for (const l of flow.links) if (!l.isUnexplained) byUse.set(l.to, (byUse.get(l.to) ?? 0) + l.value);
  const [largest] = [...byUse].sort((a, b) => b[1] - a[1]);
  const largestName = flow.nodes.find((n) => n.id === largest?.[0])?.label;
  const date = (d: string): string => formatLocalDate(t.locale, d, 'date');
  const basis = t('flow.basis', { from: date(from), to: date(to), zone: site.timeZone });
  if (supplied === 0)
    return (
      <>
        <RememberSite siteId={siteId} />
        <State
          title={t('flow.empty')}
          action={<LinkButton href={sitePath(siteId, '/structure')}>{t('flow.emptyAction')}</LinkButton>}
        >
          <p>{t('flow.emptyText', { basis })}</p>
        </State>
      </>
    );
  const percent = (value: number): string => quantityText(formatPercent(t.locale, value / supplied));
  return (
    <FigureSource path={`/sites/${siteId}/balance?${query}`}>
      <RememberSite siteId={siteId} />
      <Verdict
        proof={{ member: 'carriers' }}
        title={t('flow.verdict', { share: percent(supplied - open) })}
        aside={
          <>
            <p>{site.name}</p>
            <p>{basis}</p>
          </>
        }
      >
        {t('flow.lead', {
          supplied: quantityText(formatQuantity(t.locale, supplied, 'Wh')),
          open: quantityText(formatQuantity(t.locale, open, 'Wh')),
          use: largestName ?? '—',
          largest: percent(largest?.[1] ?? 0),
        })}
      </Verdict>
      <div className={styles.sections}>
        <FlowView
          siteId={siteId}
          period={periodText(period)}
          basis={basis}
          carriers={balance.carriers}
          factors={factors}
          unit={unit}
          currency={uses.totals.find((c) => c.cost)?.cost?.currency ?? ''}
        />
      </div>
    </FigureSource>
  );
}
