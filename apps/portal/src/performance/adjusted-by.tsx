'use client';
import type { EnpiPerformance } from '@wattproof/contracts/api';
import { entry } from '@wattproof/evidence/figure-member';
import { formatQuantity, quantityText, type ShownUnit } from '@wattproof/messages';
import Link from 'next/link';
import { Section } from '../figure/section.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';

type Adjusted = EnpiPerformance['adjustments'][number];

/** Approved non-routine adjustments that are in the figures of an EnPI. */
export function AdjustedBy({ performance }: { readonly performance: EnpiPerformance }) {
  const t = useTranslator();
  const energy = (a: Adjusted): string =>
    quantityText(formatQuantity(t.locale, a.energy_wh, performance.unit as ShownUnit, { signed: true }));
  const columns: Column<Adjusted>[] = [
    { id: 'event', head: t('adjustment.event'), phone: 'title', cell: (a) => a.event, text: (a) => a.event },
    {
      id: 'energy',
      head: t('adjustment.ofExpected'),
      align: 'right',
      proof: { member: 'energy_wh' },
      cell: energy,
      sort: (a) => a.energy_wh,
      text: energy,
    },
  ];
  return (
    <Section
      title={t('adjustment.title')}
      subject={t('adjustment.inFigures')}
      basis={<Link href="/performance/adjustments">{t('adjustment.all')}</Link>}
    >
      <DataTable
        id="adjusted"
        name={t('adjustment.title')}
        columns={columns}
        rows={performance.adjustments}
        rowMember={(a) => entry('adjustments', { id: a.id })}
        rowKey={(a) => a.id}
        withTools={false}
        empty={t('adjustment.noneIn')}
      />
    </Section>
  );
}
