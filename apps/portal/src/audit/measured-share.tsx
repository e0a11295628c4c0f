'use client';
import type { AuditDetail } from '@wattproof/contracts/api';
import { entry } from '@wattproof/evidence/figure-member';
import { formatQuantity, quantityText } from '@wattproof/messages';
import { Section } from '../figure/section.tsx';
import { UseTag } from '../figure/tag.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import styles from './audit.module.css';
import { percent, siteUseName } from './audit-text.ts';
import { kwh } from './audit-view.tsx';

type SiteRow = AuditDetail['measured']['sites'][number];
type UseRow = AuditDetail['measured']['uses'][number];
type UseAlone = AuditDetail['uses'][number];

/** What meters see of the entity's energy, by site and by use; a figure of its own, never the legal coverage. */
export function MeasuredShare({ audit }: { readonly audit: AuditDetail }) {
  const t = useTranslator();
  const energy = (text: string): string => quantityText(formatQuantity(t.locale, kwh(text), 'Wh'));
  const siteColumns: Column<SiteRow>[] = [
    {
      id: 'site',
      head: t('audit.site'),
      phone: 'title',
      cell: (r) => r.siteName,
      sort: (r) => r.siteName,
      text: (r) => r.siteName,
    },
    {
      id: 'account',
      head: t('audit.account'),
      align: 'right',
      proof: { member: 'account_kwh' },
      cell: (r) => energy(r.account_kwh),
      sort: (r) => kwh(r.account_kwh),
      text: (r) => r.account_kwh,
    },
    {
      id: 'metered',
      head: t('audit.metered'),
      align: 'right',
      proof: { member: 'metered_kwh' },
      cell: (r) => energy(r.metered_kwh),
      sort: (r) => kwh(r.metered_kwh),
      text: (r) => r.metered_kwh,
    },
    {
      id: 'share',
      head: t('audit.share'),
      align: 'right',
      proof: { member: 'share' },
      cell: (r) => percent(t, r.share),
      sort: (r) => r.share,
      text: (r) => percent(t, r.share),
    },
  ];
  const nameOfUse = (r: UseRow): string => t(`use.${r.use ?? 'unexplained'}`);
  const columnsOfUses: Column<UseRow>[] = [
    {
      id: 'use',
      head: t('audit.use'),
      phone: 'title',
      cell: (r) => (
        <span className={styles.withTag}>
          <UseTag use={r.use} name={nameOfUse(r)} />
          {nameOfUse(r)}
        </span>
      ),
      sort: nameOfUse,
      text: nameOfUse,
    },
    {
      id: 'metered',
      head: t('audit.metered'),
      align: 'right',
      proof: { member: 'metered_kwh' },
      cell: (r) => energy(r.metered_kwh),
      sort: (r) => kwh(r.metered_kwh),
      text: (r) => r.metered_kwh,
    },
    {
      id: 'share',
      head: t('audit.share'),
      align: 'right',
      proof: { member: 'share' },
      cell: (r) => percent(t, r.share),
      sort: (r) => r.share,
      text: (r) => percent(t, r.share),
    },
  ];
  const columnsAlone: Column<UseAlone>[] = [
    {
      id: 'use',
      head: t('audit.use'),
      phone: 'title',
      cell: (r) => siteUseName(t, r.siteName, r),
      sort: (r) => siteUseName(t, r.siteName, r),
      text: (r) => siteUseName(t, r.siteName, r),
    },
    {
      id: 'share',
      head: t('audit.share'),
      align: 'right',
      proof: { member: 'share' },
      cell: (r) => percent(t, Number(r.share)),
      sort: (r) => Number(r.share),
      text: (r) => r.share,
    },
  ];
  return (
    <div className={styles.pair}>
      {audit.uses.length > 0 && (
        <Section title={t('audit.usesAlone')} basis={t('audit.usesAloneText')}>
          <DataTable
            id="uses-alone"
            name={t('audit.usesAlone')}
            columns={columnsAlone}
            rows={audit.uses}
            rowMember={({ siteId, carrier, energyUse }) => entry('uses', { siteId, carrier, energyUse })}
            rowKey={({ siteId, carrier, energyUse }) => `${siteId} ${carrier} ${energyUse}`}
            withTools={false}
          />
        </Section>
      )}
      <Section title={t('audit.measuredHead')} subject={t('audit.bySite')} basis={t('audit.measuredBasis')}>
        <DataTable
          id="measured-sites"
          name={`${t('audit.measuredHead')} ${t('audit.bySite')}`}
          columns={siteColumns}
          rows={audit.measured.sites}
          rowMember={(r) => `measured.${entry('sites', { siteId: r.siteId })}`}
          rowKey={(r) => r.siteId}
          withTools={false}
        />
      </Section>
      <Section title={t('audit.measuredHead')} subject={t('audit.byUse')}>
        <DataTable
          id="measured-uses"
          name={`${t('audit.measuredHead')} ${t('audit.byUse')}`}
          columns={columnsOfUses}
          rows={audit.measured.uses}
          rowMember={(r) => `measured.${entry('uses', { use: r.use })}`}
          rowKey={(r) => r.use ?? 'unexplained'}
          withTools={false}
        />
      </Section>
    </div>
  );
}
