import { siteBalance, siteCompleteness, siteStructure } from '@wattproof/contracts/api';
import { formatPercent, formatQuantity, quantityText } from '@wattproof/messages';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { apiGet, currentMe, may } from '../../../../../src/api/server.ts';
import { ampere } from '../../../../../src/balance/ampere.ts';
import styles from '../../../../../src/balance/balance.module.css';
import { countVerdicts } from '../../../../../src/balance/balance-rows.ts';
import { BalanceTable } from '../../../../../src/balance/balance-table.tsx';
import { CompletenessTables } from '../../../../../src/balance/completeness-tables.tsx';
import { Verdict } from '../../../../../src/figure/section.tsx';
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
import { RememberSite } from '../../../../../src/site/remember-site.tsx';
import { Forbidden } from '../../../../../src/state/forbidden.tsx';
import { State } from '../../../../../src/state/state.tsx';

interface Props {
  readonly params: Promise<{ siteId: string }>;
  readonly searchParams: Promise<{ period?: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator())('nav.balance') };
}

/** Does the tree of meters add up, and what is not measured at all. */
export default async function BalancePage({ params, searchParams }: Props) {
  const [{ siteId }, asked, me, t] = await Promise.all([params, searchParams, currentMe(), getTranslator()]);
  if (!may(me, 'site:read')) return <Forbidden me={me} page="nav.balance" />;
  const site = me.sites.find((s) => s.id === siteId);
  if (!site) notFound();
  const period = fitPeriod(parsePeriod(asked.period), 'range', dateIn(site.timeZone, Date.now()));
  const { from, to } = spanOf(period);
  const query = `from=${from}&to=${addDays(to, 1)}`;
  const [balance, completeness, structure] = await Promise.all([
    apiGet(`/sites/${siteId}/balance?${query}`, siteBalance),
    apiGet(`/sites/${siteId}/completeness?${query}`, siteCompleteness),
    apiGet(`/sites/${siteId}/structure`, siteStructure),
  ]);
  const { all, bad, unknown } = countVerdicts(balance);
  const title =
    all === 0
      ? t('balance.titleNone')
      : bad > 0
        ? t('balance.titleBad', { bad, count: all })
        : unknown > 0
          ? t('balance.titleUnknown', { unknown, count: all })
          : t('balance.titleGood', { count: all });
  const limit = ampere(t, completeness.feederLimit_a);
  const open = completeness.feeders.filter((f) => f.state !== 'own').length;
  const uses = completeness.uses.filter((u) => u.state === 'none').map((u) => t(`use.${u.use}`));
  const { measuredShare, mains_wh } = completeness;
  return (
    <FigureSource path={`/sites/${siteId}/completeness?${query}`}>
      <RememberSite siteId={siteId} />
      <Verdict
        title={title}
        aside={site.name}
        proof={measuredShare === null ? undefined : { member: 'measuredShare' }}
      >
        {[
          measuredShare === null || mains_wh === null
            ? t('balance.leadUnknown')
            : t('balance.lead', {
                share: quantityText(formatPercent(t.locale, measuredShare)),
                energy: quantityText(formatQuantity(t.locale, mains_wh, 'Wh')),
              }),
          ...(completeness.feeders.length === 0
            ? []
            : [
                open > 0
                  ? t('balance.feedersOpen', { count: open, limit })
                  : t('balance.feedersDone', { limit }),
              ]),
          ...(uses.length > 0 ? [t('balance.usesOpen', { uses: uses.join(', ') })] : []),
        ].join(' ')}
      </Verdict>
      <div className={styles.sections}>
        {all === 0 ? (
          <State title={t('balance.titleNone')} level={2}>
            <p>{t('balance.noneText')}</p>
          </State>
        ) : (
          balance.carriers
            .filter((c) => c.roots.length > 0)
            .map((carrier) => (
              <FigureSource key={carrier.carrier} path={`/sites/${siteId}/balance?${query}`}>
                <BalanceTable siteId={siteId} period={periodText(period)} carrier={carrier} />
              </FigureSource>
            ))
        )}
        <CompletenessTables
          siteId={siteId}
          completeness={completeness}
          names={new Map(structure.meters.map((m) => [m.id, m.name]))}
        />
      </div>
    </FigureSource>
  );
}
