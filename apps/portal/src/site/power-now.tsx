'use client';
import type { SiteOverview } from '@wattproof/contracts/api';
import { formatQuantity, quantityText, unitScaleOf } from '@wattproof/messages';
import { Scale } from '../figure/scale.tsx';
import { Section } from '../figure/section.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { Age } from '../live/age.tsx';
import { Proved } from '../receipt/proved.tsx';
import styles from './overview.module.css';

/** The one live value, on its ruled scale against the expected band and the subscribed power. */
export function PowerNow({ overview }: { readonly overview: SiteOverview }) {
  const t = useTranslator();
  const { power, site, scaleMax_w, now } = overview;
  const scale = unitScaleOf('W', scaleMax_w);
  const watts = (w: number, decimals = 0): string =>
    formatQuantity(t.locale, w, 'W', { scale, decimals }).value;
  const withUnit = (w: number): string => quantityText({ value: watts(w), unit: scale.unit });
  const expected = power?.expected ?? null;
  const decimals = scale.factor >= 1e6 || scaleMax_w < 20_000 ? 1 : 0;
  const subscribed = site.subscribedPower_w;
  return (
    <Section title={t('site.powerNow')} basis={t('site.powerBasis')}>
      <div className={styles.now}>
        <span>
          <Proved
            proof={power ? { member: 'power.value_w' } : { without: 'operation' }}
            label={t('site.powerNow')}
            withMark
          >
            <span className={styles.value} data-stale={power?.stale || undefined} data-testid="power-now">
              {power ? watts(power.value_w, decimals) : '—'}
            </span>{' '}
            <span className={styles.unit}>{scale.unit}</span>
          </Proved>
        </span>
        {expected && (
          <span className={styles.expected}>
            <Proved proof={{ member: 'power.expected.value_w' }} label={t('site.expectedBand')}>
              {t('site.expected', {
                value: watts(expected.value_w, decimals),
                half: watts((expected.high_w - expected.low_w) / 2, decimals),
              })}
            </Proved>
          </span>
        )}
        {power && (
          <span className={styles.age}>
            <Age at={power.at} now={now} isStale={power.stale} timeZone={site.timeZone} />
          </span>
        )}
      </div>
      <Scale
        max={scaleMax_w / scale.factor}
        value={power ? power.value_w / scale.factor : null}
        band={expected ? { low: expected.low_w / scale.factor, high: expected.high_w / scale.factor } : null}
        mark={
          subscribed !== null && subscribed <= scaleMax_w
            ? {
                value: subscribed / scale.factor,
                label: t('site.subscribed', { value: watts(subscribed) }),
              }
            : null
        }
        color="var(--carrier-electricity)"
        unit={scale.unit}
        format={(v) => watts(v * scale.factor, v > 0 && v < 2 ? 1 : 0)}
        label={
          expected
            ? t('site.scaleSaid', {
                value: power ? withUnit(power.value_w) : '—',
                max: withUnit(scaleMax_w),
                low: withUnit(expected.low_w),
                high: withUnit(expected.high_w),
              })
            : t('site.scaleSaidPlain', {
                value: power ? withUnit(power.value_w) : '—',
                max: withUnit(scaleMax_w),
              })
        }
      />
    </Section>
  );
}
