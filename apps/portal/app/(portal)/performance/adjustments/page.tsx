import {
  adjustments as adjustmentsSchema,
  enpis as enpisSchema,
  rebaselineProposals,
} from '@wattproof/contracts/api';
import type { Metadata } from 'next';
import { apiGet, currentMe, may } from '../../../../src/api/server.ts';
import { Verdict } from '../../../../src/figure/section.tsx';
import { Adjustments } from '../../../../src/governance/adjustments.tsx';
import styles from '../../../../src/governance/governance.module.css';
import { Proposals } from '../../../../src/governance/proposals.tsx';
import { getTranslator } from '../../../../src/i18n/server.ts';
import { Forbidden } from '../../../../src/state/forbidden.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator())('nav.adjustments') };
}

/** What asks for another look at a baseline: proposals that are open, and events that were not routine. */
export default async function AdjustmentsPage({
  searchParams,
}: {
  readonly searchParams: Promise<{ site?: string }>;
}) {
  const [{ site }, me, t] = await Promise.all([searchParams, currentMe(), getTranslator()]);
  if (!may(me, 'performance:read')) return <Forbidden me={me} page="nav.performance" />;
  const query = site ? `?siteId=${encodeURIComponent(site)}` : '';
  const [{ adjustments }, { proposals }, { enpis }] = await Promise.all([
    apiGet(`/adjustments${query}`, adjustmentsSchema),
    apiGet(`/rebaseline-proposals${query}`, rebaselineProposals),
    apiGet('/enpis', enpisSchema),
  ]);
  const open = proposals.filter((p) => p.state === 'open').length;
  const waiting = adjustments.filter((a) => a.state === 'proposed').length;
  const timeZone = me.sites[0]?.timeZone ?? 'UTC';
  const mayWrite = may(me, 'performance:write');
  return (
    <>
      <Verdict
        title={
          open + waiting > 0 ? t('adjustment.verdictOpen', { open, waiting }) : t('adjustment.verdictNone')
        }
        aside={timeZone}
      >
        {t('adjustment.lead')}
      </Verdict>
      <div className={styles.sections}>
        <Proposals proposals={proposals} timeZone={timeZone} mayWrite={mayWrite} />
        <Adjustments
          adjustments={adjustments}
          sites={me.sites}
          enpis={enpis}
          timeZone={timeZone}
          mayWrite={mayWrite}
        />
      </div>
    </>
  );
}
