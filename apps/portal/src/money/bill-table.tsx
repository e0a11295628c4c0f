'use client';
import type { Bill, Bills } from '@wattproof/contracts/api';
import { entry } from '@wattproof/evidence/figure-member';
import {
  formatLocalDate,
  formatMoney,
  formatNumber,
  formatPercent,
  formatQuantity,
  type PortalTranslator,
  quantityText,
} from '@wattproof/messages';
import { Figure } from '../figure/figure.tsx';
import { Section } from '../figure/section.tsx';
import { CarrierTag } from '../figure/tag.tsx';
import { Button } from '../form/button.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { addDays } from '../shell/period.ts';
import { type Column, DataTable } from '../table/data-table.tsx';
import { meterDifference } from './billed.ts';
import styles from './money.module.css';

type Point = Bills['deliveryPoints'][number];

/** Every bill beside what the meters of its site saw over the same days. */
export function BillTable({
  bills,
  points,
  chosen,
  onChoose,
  onOpen,
}: {
  readonly bills: readonly Bill[];
  readonly points: readonly Point[];
  readonly chosen: Point | null;
  readonly onChoose: (pointId: string | null) => void;
  readonly onOpen: (billId: string) => void;
}) {
  const t = useTranslator();
  return (
    <Section
      title={t('money.bills')}
      subject={
        <label className={styles.point}>
          <span className="visually-hidden">{t('money.point')}</span>
          <select value={chosen?.id ?? ''} onChange={(event) => onChoose(event.target.value || null)}>
            <option value="">{t('money.allPoints')}</option>
            {points.map((p) => (
              <option key={p.id} value={p.id}>
                {p.name}
              </option>
            ))}
          </select>
        </label>
      }
      basis={t('money.billsBasis')}
    >
      <DataTable
        id="bills"
        name={t('money.bills')}
        columns={billColumns(t, onOpen)}
        rows={chosen ? bills.filter((b) => b.deliveryPointId === chosen.id) : bills}
        rowMember={billMember}
        rowKey={(b) => b.id}
        initialSort={newestFirst}
        empty={t('money.titleNone')}
      />
    </Section>
  );
}

const newestFirst = { column: 'period', descending: true } as const;

const billMember = ({ id }: Bill): string => entry('bills', { id });

function billColumns(t: PortalTranslator, onOpen: (billId: string) => void): Column<Bill>[] {
  const energy = (kwh: string) => formatQuantity(t.locale, Number(kwh) * 1_000, 'Wh', { scale: mwh });
  const date = (d: string): string => formatLocalDate(t.locale, d, 'date');
  // The day after the last one billed is stored; people write the last one.
  const period = (b: Bill): string =>
    t('period.span', { from: date(b.periodFrom), to: date(addDays(b.periodTo, -1)) });
  const difference = (b: Bill): string => {
    const share = meterDifference(b);
    return share === null ? '' : quantityText(formatPercent(t.locale, share, { signed: true }));
  };
  const price = ({ pricePerMwh: amount, amountExVat: { currency } }: Bill): string =>
    amount === null
      ? '—'
      : t('money.perMwh', { price: formatMoney(t.locale, { amount, currency }, { decimals: 2 }) });
  const carrier = (b: Bill): string => t(`carrier.${b.carrier}`);
  return [
    {
      id: 'number',
      head: t('money.number'),
      phone: 'title',
      cell: (b) => (
        <span className={styles.bill}>
          <span>
            <Button
              kind="words"
              aria-label={t('money.open', { number: b.number })}
              onClick={() => onOpen(b.id)}
            >
              {b.number}
            </Button>
            {b.kind === 'creditNote' && <em>{t('money.kind.creditNote')}</em>}
            {b.estimated && <em>{t('money.estimatedMark')}</em>}
          </span>
          <small>{b.deliveryPointName}</small>
        </span>
      ),
      sort: (b) => b.number,
      text: (b) => `${b.number} ${b.deliveryPointName}${b.estimated ? ` ${t('money.estimatedMark')}` : ''}`,
    },
    {
      id: 'carrier',
      head: t('money.carrier'),
      cell: (b) => <CarrierTag carrier={b.carrier} name={carrier(b)} />,
      sort: carrier,
      text: carrier,
    },
    { id: 'period', head: t('money.period'), cell: period, sort: (b) => b.periodFrom, text: period },
    {
      id: 'quantity',
      head: t('money.quantity'),
      align: 'right',
      proof: { member: 'quantity' },
      phone: 'hidden',
      cell: (b) => (
        <span className={styles.bill}>
          <span>
            {formatNumber(t.locale, b.quantity)} <i>{b.unit}</i>
          </span>
          {(b.calorificBasis !== 'none' || b.factorId) && (
            <small>
              {[
                b.calorificBasis === 'none' ? '' : t(`money.${b.calorificBasis}`),
                b.factorId ? t('money.factor', { id: b.factorId }) : '',
              ]
                .filter(Boolean)
                .join(', ')}
            </small>
          )}
        </span>
      ),
      sort: (b) => Number(b.quantity),
      text: (b) => `${b.quantity} ${b.unit}`,
    },
    {
      id: 'energy',
      head: t('money.energy'),
      align: 'right',
      proof: 'inCell',
      cell: (b) => (
        <Figure quantity={energy(b.energy_kwh)} proof={{ member: `${billMember(b)}.energy_kwh` }} />
      ),
      sort: (b) => Number(b.energy_kwh),
      text: (b) => quantityText(energy(b.energy_kwh)),
    },
    {
      id: 'metered',
      head: t('money.metered'),
      align: 'right',
      proof: 'inCell',
      cell: (b) =>
        b.metered_kwh === null ? (
          <span className={styles.none}>{t('money.notMetered')}</span>
        ) : (
          <Figure quantity={energy(b.metered_kwh)} proof={{ member: `${billMember(b)}.metered_kwh` }} />
        ),
      sort: (b) => (b.metered_kwh === null ? null : Number(b.metered_kwh)),
      text: (b) => (b.metered_kwh === null ? '' : quantityText(energy(b.metered_kwh))),
    },
    {
      id: 'difference',
      head: t('money.difference'),
      align: 'right',
      proof: { member: '' },
      cell: (b) => difference(b) || '—',
      sort: (b) => meterDifference(b),
      text: difference,
    },
    {
      id: 'amount',
      head: t('money.amount'),
      align: 'right',
      proof: { member: 'amountExVat.amount' },
      cell: (b) => formatMoney(t.locale, b.amountExVat, { decimals: 2 }),
      sort: (b) => Number(b.amountExVat.amount),
      text: (b) => formatMoney(t.locale, b.amountExVat, { decimals: 2 }),
    },
    {
      id: 'price',
      head: t('money.price'),
      align: 'right',
      proof: { member: (b) => (b.pricePerMwh === null ? null : 'pricePerMwh') },
      phone: 'hidden',
      cell: price,
      sort: (b) => (b.pricePerMwh === null ? null : Number(b.pricePerMwh)),
      text: (b) => b.pricePerMwh ?? '',
    },
  ];
}

const mwh = { factor: 1e6, unit: 'MWh' } as const;
