import { billImports, bills as billsSchema } from '@wattproof/contracts/api';
import type { Metadata } from 'next';
import { apiGet, currentMe, may } from '../../../src/api/server.ts';
import { getTranslator } from '../../../src/i18n/server.ts';
import { MoneyView } from '../../../src/money/money-view.tsx';
import { FigureSource } from '../../../src/receipt/figure-source.tsx';
import { dateIn, fitPeriod, parsePeriod, spanOf } from '../../../src/shell/period.ts';
import { Forbidden } from '../../../src/state/forbidden.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator())('nav.money') };
}

export default async function MoneyPage({
  searchParams,
}: {
  readonly searchParams: Promise<{ site?: string; period?: string }>;
}) {
  const [{ site: asked, period }, me] = await Promise.all([searchParams, currentMe()]);
  if (!may(me, 'money:read')) return <Forbidden me={me} page="nav.money" />;
  const site = me.sites.find((s) => s.id === asked);
  const timeZone = site?.timeZone ?? me.sites[0]?.timeZone ?? 'UTC';
  const span = spanOf(fitPeriod(parsePeriod(period), 'months', dateIn(timeZone, Date.now())));
  const path = `/bills?from=${span.from.slice(0, 7)}&to=${span.to.slice(0, 7)}`;
  const [bills, imports] = await Promise.all([
    apiGet(path, billsSchema),
    apiGet('/bill-imports', billImports),
  ]);
  const points = bills.deliveryPoints.filter((p) => !site || p.siteId === site.id);
  const pointIds = new Set(points.map((p) => p.id));
  return (
    <FigureSource path={path}>
      <MoneyView
        months={bills.months}
        points={points}
        bills={bills.bills.filter((b) => pointIds.has(b.deliveryPointId))}
        imports={imports.billImports}
        organisation={me.organisation}
        timeZone={timeZone}
        mayWrite={may(me, 'money:write')}
      />
    </FigureSource>
  );
}
