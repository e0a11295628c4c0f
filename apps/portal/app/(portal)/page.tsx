import { portfolio as portfolioSchema } from '@wattproof/contracts/api';
import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { apiGet, currentMe, may } from '../../src/api/server.ts';
import { getTranslator } from '../../src/i18n/server.ts';
import { PortfolioView } from '../../src/portfolio/portfolio-view.tsx';
import { FigureSource } from '../../src/receipt/figure-source.tsx';
import { dateIn, fitPeriod, parsePeriod, spanOf } from '../../src/shell/period.ts';
import { Forbidden } from '../../src/state/forbidden.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator())('nav.portfolio') };
}

export default async function PortfolioPage({
  searchParams,
}: {
  readonly searchParams: Promise<{ period?: string }>;
}) {
  const [{ period }, me] = await Promise.all([searchParams, currentMe()]);
  if (!may(me, 'portfolio:read')) {
    // People of one site begin where their work is.
    const [site] = me.sites;
    if (site) redirect(`/sites/${site.id}`);
    return <Forbidden me={me} page="nav.portfolio" />;
  }
  const timeZone = me.sites[0]?.timeZone ?? 'UTC';
  const today = dateIn(timeZone, Date.now());
  const month = spanOf(fitPeriod(parsePeriod(period), 'month', today)).from.slice(0, 7);
  const path = `/portfolio?month=${month}`;
  const portfolio = await apiGet(path, portfolioSchema);
  return (
    <FigureSource path={path}>
      <PortfolioView portfolio={portfolio} timeZone={timeZone} today={today} />
    </FigureSource>
  );
}
