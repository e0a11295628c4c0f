import { energyFactors } from '@wattproof/contracts/api';
import type { Metadata } from 'next';
import { apiGet, currentMe, may } from '../../../../src/api/server.ts';
import { FactorsView } from '../../../../src/factor/factors-view.tsx';
import { Verdict } from '../../../../src/figure/section.tsx';
import { getTranslator } from '../../../../src/i18n/server.ts';
import { dateIn } from '../../../../src/shell/period.ts';
import { Forbidden } from '../../../../src/state/forbidden.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator())('nav.factors') };
}

/** Dated factors: carbon, primary energy and calorific values, with their source and what rests on them. */
export default async function FactorsPage() {
  const [me, t] = await Promise.all([currentMe(), getTranslator()]);
  if (!may(me, 'performance:read')) return <Forbidden me={me} page="nav.factors" />;
  const { factors } = await apiGet('/energy-factors', energyFactors);
  const today = dateIn(me.sites[0]?.timeZone ?? 'UTC', Date.now());
  const used = factors.filter((f) => f.uses.sites.length > 0 || f.uses.bills > 0);
  const unverified = used.filter((f) => f.verification === 'unverified').length;
  return (
    <>
      <Verdict
        title={
          unverified > 0
            ? t('energyFactor.verdictUnverified', { count: unverified, all: used.length })
            : t('energyFactor.verdict', { count: used.length })
        }
        aside={me.sites[0]?.timeZone ?? 'UTC'}
      >
        {t('energyFactor.lead')}
      </Verdict>
      <FactorsView factors={factors} today={today} mayWrite={may(me, 'performance:write')} />
    </>
  );
}
