'use client';
import type { SiteUses } from '@wattproof/contracts/api';
import { entry } from '@wattproof/evidence/figure-member';
import { formatMoney, formatPercent, formatQuantity, quantityText } from '@wattproof/messages';
import { usePolled } from '../api/use-polled.ts';
import { Figure } from '../figure/figure.tsx';
import { QualityMark } from '../figure/quality-mark.tsx';
import { Section } from '../figure/section.tsx';
import { CarrierTag } from '../figure/tag.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { FigureSource } from '../receipt/figure-source.tsx';
import { Proved } from '../receipt/proved.tsx';
import { sitePath } from '../shell/place.ts';
import { type Column, DataTable } from '../table/data-table.tsx';

type Row = SiteUses['rows'][number];

const rowMember = ({ use, carrier }: Row): string => entry('rows', { use, carrier });
const totalMember = ({ carrier }: SiteUses['totals'][number]): string => entry('totals', { carrier });

/** Consumption and cost of the day by use and carrier; every energy leads to its meters' curve. */
export function Consumption({
  siteId,
  initial,
  isToday,
  subject,
}: {
  readonly siteId: string;
  readonly initial: SiteUses;
  readonly isToday: boolean;
  readonly subject: string;
}) {
  const t = useTranslator();
  const path = `/sites/${siteId}/uses?from=${initial.from}&to=${initial.to}`;
  const uses = usePolled(path, initial, isToday);
  const energy = (row: Row | SiteUses['totals'][number]): string =>
    row.energy_wh !== null
      ? quantityText(formatQuantity(t.locale, row.energy_wh, 'Wh'))
      : row.volume_l !== null
        ? quantityText(formatQuantity(t.locale, row.volume_l, 'l'))
        : '—';
  const columns: Column<Row>[] = [
    {
      id: 'use',
      head: t('site.use'),
      phone: 'title',
      cell: (r) => t(`use.${r.use ?? 'unexplained'}`),
      sort: (r) => t(`use.${r.use ?? 'unexplained'}`),
      text: (r) => t(`use.${r.use ?? 'unexplained'}`),
    },
    {
      id: 'carrier',
      head: t('site.carrier'),
      cell: (r) => <CarrierTag carrier={r.carrier} name={t(`carrier.${r.carrier}`)} />,
      sort: (r) => r.carrier,
      text: (r) => t(`carrier.${r.carrier}`),
    },
    {
      id: 'energy',
      head: t('site.energy'),
      align: 'right',
      proof: 'inCell',
      cell: (r) => (
        <Figure
          proof={{ member: `${rowMember(r)}.${r.energy_wh === null ? 'volume_l' : 'energy_wh'}` }}
          quantity={
            r.energy_wh !== null
              ? formatQuantity(t.locale, r.energy_wh, 'Wh')
              : r.volume_l !== null
                ? formatQuantity(t.locale, r.volume_l, 'l')
                : null
          }
          href={
            r.meterIds.length > 0
              ? sitePath(siteId, `/explore?period=${uses.from}&meters=${r.meterIds.slice(0, 6).join(',')}`)
              : undefined
          }
        />
      ),
      sort: (r) => r.energy_wh,
      text: energy,
    },
    {
      id: 'cost',
      head: t('site.cost'),
      align: 'right',
      proof: { member: 'cost.amount' },
      cell: (r) => (r.cost ? formatMoney(t.locale, r.cost) : '—'),
      sort: (r) => (r.cost ? Number(r.cost.amount) : null),
      text: (r) => (r.cost ? formatMoney(t.locale, r.cost, { decimals: 2 }) : ''),
    },
    {
      id: 'share',
      head: t('site.share'),
      align: 'right',
      proof: { member: 'share' },
      cell: (r) => (r.share === null ? '—' : quantityText(formatPercent(t.locale, r.share))),
      sort: (r) => r.share,
      text: (r) => (r.share === null ? '' : quantityText(formatPercent(t.locale, r.share))),
    },
    {
      id: 'quality',
      head: t('site.quality'),
      align: 'right',
      proof: { member: (r) => (r.quality ? 'quality' : null) },
      cell: (r) => (r.quality ? <QualityMark quality={r.quality} t={t} /> : '—'),
      sort: (r) => r.quality?.measured ?? null,
      text: (r) => (r.quality ? quantityText(formatPercent(t.locale, r.quality.measured)) : ''),
    },
  ];
  const isWaiting = [...uses.rows, ...uses.totals].every((r) => r.quality === null) && uses.totals.length > 0;
  return (
    <FigureSource path={path}>
      <Section title={t('site.consumption')} subject={subject} basis={t('site.consumptionBasis')}>
        <DataTable
          id="uses"
          name={t('site.consumption')}
          columns={columns}
          rows={isWaiting ? [] : uses.rows}
          rowMember={rowMember}
          rowKey={(r) => `${r.use ?? ''} ${r.carrier}`}
          rowState={(r) => (r.use === null ? 'muted' : undefined)}
          initialSort={{ column: 'energy', descending: true }}
          empty={t(isWaiting ? 'site.consumptionNotYet' : 'site.consumptionNone')}
          foot={(isWaiting ? [] : uses.totals).map((total) => (
            <tr key={total.carrier}>
              <th scope="row" style={{ textAlign: 'left' }}>
                {t('table.total')}
              </th>
              <td>
                <CarrierTag carrier={total.carrier} name={t(`carrier.${total.carrier}`)} />
              </td>
              <td data-align="right">
                <Proved
                  proof={{
                    member: `${totalMember(total)}.${total.energy_wh === null ? 'volume_l' : 'energy_wh'}`,
                  }}
                  label={t('table.total')}
                >
                  {energy(total)}
                </Proved>
              </td>
              <td data-align="right">
                {total.cost ? (
                  <Proved
                    proof={{ member: `${totalMember(total)}.cost.amount` }}
                    label={`${t('table.total')}, ${t('site.cost')}`}
                  >
                    {formatMoney(t.locale, total.cost)}
                  </Proved>
                ) : (
                  '—'
                )}
              </td>
              <td />
              <td data-align="right">
                {total.quality ? (
                  <Proved proof={{ member: `${totalMember(total)}.quality` }} label={t('site.quality')}>
                    <QualityMark quality={total.quality} t={t} />
                  </Proved>
                ) : (
                  '—'
                )}
              </td>
            </tr>
          ))}
        />
      </Section>
    </FigureSource>
  );
}
