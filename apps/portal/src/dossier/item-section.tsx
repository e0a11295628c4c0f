'use client';
import { type AuditDossier, type Opportunity, opportunityValue } from '@wattproof/energy';
import {
  formatLocalDate,
  formatMoney,
  formatNumber,
  formatPercent,
  type PortalKey,
  type PortalTranslator,
  quantityText,
} from '@wattproof/messages';
import { useState } from 'react';
import { Section } from '../figure/section.tsx';
import { Button } from '../form/button.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import styles from './dossier.module.css';
import { ItemDialog, type SiteOption } from './item-dialog.tsx';
import type { Item, ItemDraft, ItemList } from './item-field.ts';

const titles: Readonly<Record<ItemList, PortalKey>> = {
  visits: 'dossier.visits',
  buildings: 'dossier.buildings',
  processes: 'dossier.processes',
  transport: 'dossier.transport',
  opportunities: 'dossier.opportunities',
};

interface Row {
  readonly position: number;
  readonly item: Item;
}

const nameOf = (list: ItemList, item: Item, t: PortalTranslator): string =>
  'title' in item
    ? item.title
    : 'on' in item
      ? `${t('dossier.visit')} ${formatLocalDate(t.locale, item.on, 'date')}`
      : 'name' in item
        ? item.name
        : t(titles[list]);

/** One list of what is stated: its table, and the dialog of an item. */
export function ItemSection({
  list,
  items,
  sites,
  given,
  mayWrite,
  onChange,
}: {
  readonly list: ItemList;
  readonly items: AuditDossier[ItemList];
  readonly sites: readonly SiteOption[];
  readonly given: ItemDraft;
  readonly mayWrite: boolean;
  readonly onChange: (items: readonly Item[]) => void;
}) {
  const t = useTranslator();
  const [open, setOpen] = useState<number | 'new' | null>(null);
  const rows = items.map((item, position): Row => ({ position, item }));
  const columns = [
    ...columnsOf(list, { sites, t }),
    ...(mayWrite
      ? [
          {
            id: 'act',
            head: t('table.actions'),
            isHeadHidden: true,
            align: 'right' as const,
            cell: ({ item, position }: Row) => (
              <span className={styles.acts}>
                <Button
                  kind="words"
                  aria-label={t('dossier.edit', { name: nameOf(list, item, t) })}
                  onClick={() => setOpen(position)}
                >
                  {t('dossier.editShort')}
                </Button>
                <Button
                  kind="words"
                  aria-label={t('dossier.remove', { name: nameOf(list, item, t) })}
                  onClick={() => onChange(items.filter((_, i) => i !== position))}
                >
                  {t('dossier.removeShort')}
                </Button>
              </span>
            ),
          },
        ]
      : []),
  ];
  const take = (item: Item): void => {
    onChange(open === 'new' ? [...items, item] : items.map((old, i) => (i === open ? item : old)));
    setOpen(null);
  };
  const edited = typeof open === 'number' ? (items[open] ?? null) : null;
  return (
    <Section title={t(titles[list])} proof={{ without: 'stated' }}>
      <DataTable
        id={`dossier-${list}`}
        name={t(titles[list])}
        columns={columns}
        rows={rows}
        rowKey={({ position }) => String(position)}
        withTools={false}
        empty={t('dossier.none')}
      />
      {mayWrite && (
        <div className={styles.buttons}>
          <Button aria-label={`${t('dossier.add')}: ${t(titles[list])}`} onClick={() => setOpen('new')}>
            {t('dossier.add')}
          </Button>
        </div>
      )}
      {open !== null && (
        <ItemDialog
          title={
            edited
              ? t('dossier.edit', { name: nameOf(list, edited, t) })
              : `${t('dossier.add')}: ${t(titles[list])}`
          }
          list={list}
          item={edited}
          given={given}
          sites={sites}
          onTake={take}
          onClose={() => setOpen(null)}
        />
      )}
    </Section>
  );
}

/** The columns that a list is read by; the rest is in its dialog. */
function columnsOf(
  list: ItemList,
  { sites, t }: { readonly sites: readonly SiteOption[]; readonly t: PortalTranslator },
): Column<Row>[] {
  const site = (item: Item): string =>
    'siteId' in item
      ? (sites.find(({ id }) => id === item.siteId)?.name ?? t('dossier.noSite'))
      : t('dossier.noSite');
  const text = (id: string, head: PortalKey, value: (item: Item) => string): Column<Row> => ({
    id,
    head: t(head),
    cell: ({ item }) => value(item),
    text: ({ item }) => value(item),
  });
  const first: Column<Row> = {
    id: 'name',
    head: t('dossier.name'),
    phone: 'title',
    cell: ({ item }) => nameOf(list, item, t),
    text: ({ item }) => nameOf(list, item, t),
  };
  const kwh = (value: string | null): string =>
    value === null ? '–' : `${formatNumber(t.locale, value, { decimals: 0 })}\u00a0kWh`;
  const energy: Column<Row> = {
    ...text('energy', 'dossier.energy', (item) => ('energy_kwh' in item ? kwh(item.energy_kwh) : '–')),
    align: 'right',
    proof: { without: 'stated' },
  };
  switch (list) {
    case 'visits':
      return [
        first,
        text('site', 'dossier.site', site),
        text('areas', 'dossier.areas', (item) => ('areas' in item ? item.areas : '')),
        text('people', 'dossier.people', (item) => ('people' in item ? item.people : '')),
      ];
    case 'buildings':
      return [
        first,
        text('site', 'dossier.site', site),
        text('usage', 'dossier.building', (item) => ('usage' in item ? item.usage : '')),
        energy,
      ];
    case 'processes':
      return [
        first,
        text('site', 'dossier.site', site),
        text('kind', 'dossier.process', (item) =>
          'kind' in item ? t(`dossier.processKind.${item.kind}` as 'dossier.processKind.steam') : '',
        ),
        energy,
      ];
    case 'transport':
      return [
        first,
        text('kind', 'dossier.fleet', (item) =>
          'kind' in item ? t(`dossier.transportKind.${item.kind}` as 'dossier.transportKind.car') : '',
        ),
        text('own', 'dossier.isOwn', (item) =>
          t('isOwn' in item && item.isOwn ? 'dossier.own' : 'dossier.hired'),
        ),
        energy,
      ];
    case 'opportunities':
      return [first, text('site', 'dossier.site', site), ...worthColumns(t)];
  }
}

function worthColumns(t: PortalTranslator): Column<Row>[] {
  const number = (id: string, head: PortalKey, value: (one: Opportunity) => string): Column<Row> => ({
    id,
    head: t(head),
    align: 'right',
    proof: { without: 'stated' },
    cell: ({ item }) => ('title' in item ? value(item) : '–'),
    text: ({ item }) => ('title' in item ? value(item) : ''),
  });
  const money = (amount: number, currency: string): string =>
    formatMoney(t.locale, { amount: String(Math.round(amount)), currency });
  return [
    number('saving', 'dossier.savingYear', (one) =>
      formatNumber(t.locale, one.saving_kwh_per_year, { decimals: 0 }),
    ),
    number('cost', 'dossier.ownCost', (one) => money(Number(one.cost) - Number(one.subsidy), one.currency)),
    number('npv', 'dossier.npv', (one) => money(opportunityValue(one).netPresentValue, one.currency)),
    number('irr', 'dossier.irr', (one) => {
      const { internalRate_percent: rate } = opportunityValue(one);
      return rate === null ? '–' : quantityText(formatPercent(t.locale, rate / 100, { decimals: 1 }));
    }),
    number('payback', 'dossier.paybackShort', (one) => {
      const { simplePayback_years: years } = opportunityValue(one);
      return years === null
        ? '–'
        : t('dossier.years', { count: years, years: formatNumber(t.locale, years, { decimals: 1 }) });
    }),
    {
      id: 'state',
      head: t('dossier.state'),
      cell: ({ item }) => ('state' in item ? t(`dossier.opportunityState.${item.state}`) : ''),
      text: ({ item }) => ('state' in item ? t(`dossier.opportunityState.${item.state}`) : ''),
    },
  ];
}
