'use client';
import { colorOfUse } from '@wattproof/charts';
import type { SiteOverview } from '@wattproof/contracts/api';
import { formatDuration, formatQuantity, unitScaleOf } from '@wattproof/messages';
import { Section } from '../figure/section.tsx';
import { UseTag } from '../figure/tag.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { outside_w } from './outside-band.ts';
import styles from './overview.module.css';

type Use = SiteOverview['uses'][number];

/** Uses by power, each against its own expected band; only what lies outside the band is red. */
export function UsesNow({ overview }: { readonly overview: SiteOverview }) {
  const t = useTranslator();
  const uses = [...overview.uses].sort((a, b) => (b.power_w ?? -1) - (a.power_w ?? -1));
  const largest = Math.max(1, ...uses.map((u) => Math.max(u.power_w ?? 0, u.expected?.high_w ?? 0)));
  const scale = unitScaleOf('W', overview.power?.value_w ?? largest);
  const watts = (w: number, signed = false): string =>
    formatQuantity(t.locale, w, 'W', {
      scale,
      signed,
      // Differences are small beside the powers: a digit more shows what would round to zero.
      decimals: scale.factor >= 1e6 ? 2 : signed || largest < 50_000 ? 1 : 0,
    }).value;
  return (
    <Section proof={{ member: 'uses' }} title={t('site.usesNow')} basis={t('site.usesBasis')}>
      {uses.length === 0 ? (
        <p>{t('site.noUses')}</p>
      ) : (
        <table className={styles.uses}>
          <thead>
            <tr>
              <th scope="col" colSpan={2}>
                {t('site.use')}
              </th>
              <th scope="col">
                <span className={styles.swatch} aria-hidden="true" />
                {t('site.expectedBand')}
              </th>
              <th scope="col" className={styles.right}>
                {scale.unit}
              </th>
              <th scope="col" className={styles.right}>
                {t('site.difference')}
              </th>
            </tr>
          </thead>
          <tbody>
            {uses.map((u) => (
              <tr key={u.use ?? 'unexplained'}>
                <td>
                  <UseTag use={u.use} name={t(`use.${u.use ?? 'unexplained'}`)} />
                </td>
                <th scope="row" className={u.stale ? styles.stale : undefined}>
                  {nameOf(u)}
                </th>
                <td className={styles.meterBar}>
                  <UseBar use={u} largest={largest} />
                </td>
                <td className={`${styles.right} ${u.stale ? styles.stale : ''}`}>
                  {u.power_w === null ? '—' : watts(u.power_w)}
                </td>
                <td
                  className={`${styles.right} ${styles.small} ${outside_w(u, overview.power?.value_w ?? 0) !== 0 ? styles.crit : ''}`}
                >
                  {u.power_w === null || !u.expected ? '—' : watts(u.power_w - u.expected.value_w, true)}
                </td>
              </tr>
            ))}
          </tbody>
          {overview.power && (
            <tfoot>
              <tr>
                <td />
                <th scope="row">{t('site.total')}</th>
                <td />
                <td className={styles.right}>{watts(overview.power.value_w)}</td>
                <td className={styles.right}>
                  {overview.power.expected
                    ? watts(overview.power.value_w - overview.power.expected.value_w, true)
                    : '—'}
                </td>
              </tr>
            </tfoot>
          )}
        </table>
      )}
    </Section>
  );

  function nameOf(u: Use): string {
    const use = t(`use.${u.use ?? 'unexplained'}`);
    if (!u.stale || u.at === null) return use;
    const age = formatDuration(t.locale, (Date.parse(overview.now) - Date.parse(u.at)) / 1000);
    return t('site.useStale', { use, age });
  }
}

/** A bar from zero with the band around its expected end; the part above the band is critical. */
function UseBar({ use, largest }: { readonly use: Use; readonly largest: number }) {
  const x = (w: number): string => `${Math.max(0, Math.min(100, (w / largest) * 100)).toFixed(2)}%`;
  const power = use.power_w ?? 0;
  const solid = use.expected ? Math.min(power, use.expected.high_w) : power;
  const color = colorOfUse(use.use);
  return (
    <svg width="100%" height="16" aria-hidden="true">
      {use.expected && (
        <rect
          x={x(use.expected.low_w)}
          y="1.5"
          width={x(use.expected.high_w - use.expected.low_w)}
          height="13"
          style={{ fill: 'var(--band)', stroke: 'var(--band-line)' }}
        />
      )}
      <rect
        x="0"
        y="5.5"
        width={x(solid)}
        height="5"
        style={
          use.use === null || use.stale ? { fill: 'none', stroke: color, strokeWidth: 1.2 } : { fill: color }
        }
      />
      {power > solid && (
        <rect x={x(solid)} y="5.5" width={x(power - solid)} height="5" style={{ fill: 'var(--crit)' }} />
      )}
      <path d="M.5 1v14" style={{ stroke: 'var(--ink)' }} />
    </svg>
  );
}
