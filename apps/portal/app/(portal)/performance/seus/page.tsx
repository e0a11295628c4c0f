import { enpis as enpisSchema, relevantVariables, siteSeus } from '@wattproof/contracts/api';
import { formatPercent, quantityText } from '@wattproof/messages';
import type { Metadata } from 'next';
import { apiGet, currentMe, may } from '../../../../src/api/server.ts';
import { Verdict } from '../../../../src/figure/section.tsx';
import { getTranslator } from '../../../../src/i18n/server.ts';
import { FigureSource } from '../../../../src/receipt/figure-source.tsx';
import { itemName, seuBases } from '../../../../src/seu/seu-text.ts';
import { SeuView } from '../../../../src/seu/seu-view.tsx';
import { addDays, dateIn, fitPeriod, parsePeriod, spanOf } from '../../../../src/shell/period.ts';
import { siteOf } from '../../../../src/shell/site-of.ts';
import { Forbidden } from '../../../../src/state/forbidden.tsx';

interface Props {
  readonly searchParams: Promise<{ site?: string; period?: string; basis?: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator())('nav.seus') };
}

/** Significant energy uses of a site. */
export default async function SeusPage({ searchParams }: Props) {
  const [asked, me, t] = await Promise.all([searchParams, currentMe(), getTranslator()]);
  const site = await siteOf(me, '/performance/seus', asked);
  if (!may(me, 'performance:read') || !site) return <Forbidden me={me} page="nav.seus" />;
  const basis = seuBases.find((b) => b === asked.basis) ?? 'energy';
  const { from, to } = spanOf(
    fitPeriod(parsePeriod(asked.period), 'months', dateIn(site.timeZone, Date.now())),
  );
  const path = `/sites/${site.id}/seus?from=${from}&to=${addDays(to, 1)}&basis=${basis}`;
  const [seus, { variables }, { enpis }] = await Promise.all([
    apiGet(path, siteSeus),
    apiGet(`/sites/${site.id}/variables`, relevantVariables),
    apiGet('/enpis', enpisSchema),
  ]);
  const within = seus.items.filter((i) => i.isWithinThreshold);
  const share = Math.max(0, ...within.map((i) => i.cumulativeShare ?? 0));
  const decided = seus.seus.filter((s) => s.isSignificant).length;
  return (
    <FigureSource path={path}>
      <Verdict
        proof={{ member: 'items' }}
        title={
          within.length === 0
            ? t('seu.verdictNone')
            : t('seu.verdict', {
                count: within.length,
                share: quantityText(formatPercent(t.locale, share)),
                basis: t(`seu.basis.${basis}`),
              })
        }
        aside={
          <>
            <p>{site.name}</p>
            <p>{site.timeZone}</p>
          </>
        }
      >
        {[
          ...(within[0] ? [t('seu.lead', { name: itemName(within[0], t) })] : []),
          decided > 0 ? t('seu.decided', { count: decided }) : t('seu.undecided'),
        ].join(' ')}
      </Verdict>
      <SeuView seus={seus} variables={variables} enpis={enpis} mayWrite={may(me, 'performance:write')} />
    </FigureSource>
  );
}
