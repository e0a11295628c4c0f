import { obligedUnit } from '@wattproof/contracts/api';
import type { Metadata } from 'next';
import { apiGet, currentMe, may } from '../../../../../src/api/server.ts';
import { getTranslator } from '../../../../../src/i18n/server.ts';
import { UnitView } from '../../../../../src/obligation/unit-view.tsx';
import { FigureSource } from '../../../../../src/receipt/figure-source.tsx';
import { dateIn } from '../../../../../src/shell/period.ts';
import { Forbidden } from '../../../../../src/state/forbidden.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator())('obligation.head') };
}

export default async function ObligedUnitPage({ params }: { readonly params: Promise<{ unitId: string }> }) {
  const [{ unitId }, me] = await Promise.all([params, currentMe()]);
  if (!may(me, 'audit:read')) return <Forbidden me={me} page="nav.audit" />;
  const timeZone = me.sites[0]?.timeZone ?? 'UTC';
  const today = dateIn(timeZone, Date.now());
  const path = `/obligations/${encodeURIComponent(unitId)}?on=${today}`;
  return (
    <FigureSource path={path}>
      <UnitView
        unit={await apiGet(path, obligedUnit)}
        today={today}
        timeZone={timeZone}
        currency={me.organisation.currency}
        mayWrite={may(me, 'audit:write')}
      />
    </FigureSource>
  );
}
