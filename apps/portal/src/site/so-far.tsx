'use client';
import type { SiteOverview } from '@wattproof/contracts/api';
import { addDays } from '@wattproof/energy';
import { entry } from '@wattproof/evidence/figure-member';
import { receiptId } from '@wattproof/evidence/receipt';
import { formatInstant, formatMoney, formatPercent, formatQuantity } from '@wattproof/messages';
import { Figure } from '../figure/figure.tsx';
import { QualityMark } from '../figure/quality-mark.tsx';
import { Section } from '../figure/section.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { Proved } from '../receipt/proved.tsx';
import { dateIn, lastDayOf } from '../shell/period.ts';
import { sitePath } from '../shell/place.ts';
import styles from './overview.module.css';

type Row = SiteOverview['soFar'][number];

const memberOf = ({ period }: Row): string => entry('soFar', { period });

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The ledger of today, the month and the year: energy by carrier, cost, baseline, how much of it was measured. */
export function SoFar({ overview }: { readonly overview: SiteOverview }) {
  const t = useTranslator();
  const { soFar, site } = overview;
  // Carriers by what they are in the longest row; more than three would not be read.
  const longest = soFar[soFar.length - 1];
  const carriers = [...(longest?.carriers ?? [])]
    .sort((a, b) => (b.energy_wh ?? 0) - (a.energy_wh ?? 0))
    .slice(0, 3)
    .map((c) => c.carrier)
    .sort((a, b) => Number(b === 'electricity') - Number(a === 'electricity'));
  return (
    <Section title={t('site.soFar')} basis={t('site.soFarBasis')}>
      <table className={styles.ledger}>
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">{t('site.period')}</span>
            </th>
            {carriers.map((carrier) => (
              <th key={carrier} scope="col">
                {t(`carrier.${carrier}`)}
              </th>
            ))}
            <th scope="col">{t('site.cost')}</th>
            <th scope="col">{t('site.againstBaseline')}</th>
            <th scope="col">{t('site.seenByMeters')}</th>
          </tr>
        </thead>
        <tbody>
          {soFar.map((row) => (
            <tr key={row.period}>
              <th scope="row">{rowName(row)}</th>
              {carriers.map((carrier) => (
                <td key={carrier} data-head={t(`carrier.${carrier}`)}>
                  {energyFigure(row, carrier)}
                </td>
              ))}
              <td data-head={t('site.cost')}>
                {row.cost ? (
                  <Proved
                    proof={{
                      receipt: receiptId('siteCost', { siteId: site.id, carrier: 'all', ...datesOf(row) }),
                    }}
                    label={`${rowName(row)}, ${t('site.cost')}`}
                  >
                    {formatMoney(t.locale, row.cost)}
                  </Proved>
                ) : (
                  '—'
                )}
              </td>
              <td data-head={t('site.againstBaseline')}>
                {row.againstBaseline ? (
                  <Figure
                    proof={{ member: `${memberOf(row)}.againstBaseline.value` }}
                    quantity={formatPercent(t.locale, row.againstBaseline.value, { signed: true })}
                    half={
                      row.againstBaseline.halfWidth === null
                        ? null
                        : formatPercent(t.locale, row.againstBaseline.halfWidth).value
                    }
                  />
                ) : (
                  '—'
                )}
              </td>
              <td data-head={row.quality ? undefined : t('site.seenByMeters')}>
                {row.quality ? (
                  <Proved proof={{ member: `${memberOf(row)}.quality` }} label={t('site.seenByMeters')}>
                    <QualityMark quality={row.quality} t={t} />
                  </Proved>
                ) : (
                  '—'
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );

  function rowName(row: Row): string {
    if (row.period === 'today')
      return t('site.soFar.today', { time: formatInstant(t.locale, site.timeZone, row.to, 'time') });
    if (row.period === 'month')
      return t('site.soFar.month', {
        month: capital(formatInstant(t.locale, site.timeZone, row.to, 'monthName')),
      });
    return t('site.soFar.year', { year: dateIn(site.timeZone, Date.parse(row.to)).slice(0, 4) });
  }

  /** The local days of a row, [from, to). */
  function datesOf(row: Row): { readonly from: string; readonly to: string } {
    return {
      from: dateIn(site.timeZone, Date.parse(row.from)),
      to: addDays(dateIn(site.timeZone, Date.parse(row.to)), 1),
    };
  }

  function energyFigure(row: Row, carrier: string) {
    const found = row.carriers.find((c) => c.carrier === carrier);
    const from = dateIn(site.timeZone, Date.parse(row.from));
    const to = dateIn(site.timeZone, Date.parse(row.to));
    const period =
      row.period === 'today'
        ? to
        : row.period === 'month'
          ? `${from}..${[lastDayOf(from.slice(0, 7)), to].sort()[0]}`
          : `${from}..${to}`;
    const href = sitePath(site.id, `/explore?period=${period}&carrier=${carrier}`);
    const receipt = receiptId('siteEnergy', { siteId: site.id, carrier, ...datesOf(row) });
    if (found?.energy_wh != null)
      return (
        <Figure
          quantity={formatQuantity(t.locale, found.energy_wh, 'Wh')}
          href={href}
          proof={{ receipt }}
          label={`${rowName(row)}, ${t(`carrier.${found.carrier}`)}`}
        />
      );
    if (found?.volume_l != null)
      return (
        <Figure quantity={formatQuantity(t.locale, found.volume_l, 'l')} href={href} proof={{ receipt }} />
      );
    return '—';
  }
}
