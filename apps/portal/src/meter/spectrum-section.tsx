'use client';
import { type ChartContext, seriesColors, spectrumOption } from '@wattproof/charts';
import { formatNumber, type PortalTranslator } from '@wattproof/messages';
import { useCallback, useState } from 'react';
import { Chart, type ChartTable } from '../chart/chart.tsx';
import { useTheme } from '../chart/theme.ts';
import exploreStyles from '../explore/explore.module.css';
import { Section } from '../figure/section.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { Age } from '../live/age.tsx';
import type { Spectrum, SpectrumQuantity } from './rare-value.ts';

const height = 240;

/** Harmonics by order as they were read last, of currents or of voltages. */
export function SpectrumSection({
  spectra,
  name,
  isStale,
  timeZone,
  now,
}: {
  readonly spectra: readonly Spectrum[];
  readonly name: string;
  readonly isStale: boolean;
  readonly timeZone: string;
  readonly now: string;
}) {
  const t = useTranslator();
  const theme = useTheme();
  const [quantity, setQuantity] = useState<SpectrumQuantity>(spectra[0]?.quantity ?? 'current');
  const spectrum = spectra.find((s) => s.quantity === quantity) ?? spectra[0];
  const option = useCallback(
    (context: ChartContext) => {
      const colors = seriesColors(context.theme, spectrum?.channels.map(() => null) ?? []);
      return spectrumOption(
        {
          orders: spectrum?.orders ?? [],
          channels: (spectrum?.channels ?? []).map(({ phase, value }, i) => ({
            name: phase,
            color: colors[i] ?? context.theme.colors.ctl,
            value,
          })),
        },
        context,
        { order: (order) => t('meter.harmonic', { order }) },
      );
    },
    [spectrum, t],
  );
  if (!spectrum) return null;
  const colors = seriesColors(
    theme,
    spectrum.channels.map(() => null),
  );
  return (
    <Section
      title={t('meter.spectrum')}
      subject={
        <select
          className={exploreStyles.resolution}
          aria-label={t('meter.spectrumOf')}
          value={spectrum.quantity}
          onChange={(event) => setQuantity(event.target.value as SpectrumQuantity)}
        >
          {spectra.map((s) => (
            <option key={s.quantity} value={s.quantity}>
              {t(`meter.spectrum.${s.quantity}`)}
            </option>
          ))}
        </select>
      }
      basis={
        <span className={exploreStyles.basis}>
          {t('meter.spectrumBasis')}
          <Age at={spectrum.at} now={now} isStale={isStale} timeZone={timeZone} />
        </span>
      }
    >
      <Chart
        proof={{ member: 'measurands' }}
        family="bar"
        option={option}
        height={height}
        timeZone={timeZone}
        label={t('meter.spectrumLabel', { name, quantity: t(`meter.spectrum.${spectrum.quantity}`) })}
        fileName={`spectrum-${spectrum.quantity}`}
        table={tableOf(t, spectrum)}
        legend={
          <span className={exploreStyles.legend}>
            {spectrum.channels.map(({ channel, phase }, i) => (
              <span key={channel} className={exploreStyles.heatScale}>
                <svg width="10" height="10" aria-hidden="true">
                  <rect width="10" height="10" fill={colors[i]} />
                </svg>
                {phase}
              </span>
            ))}
          </span>
        }
      />
    </Section>
  );
}

const tableOf = (t: PortalTranslator, { orders, channels }: Spectrum): ChartTable => ({
  columns: [t('meter.order'), ...channels.map((c) => `${c.phase} [%]`)],
  rows: () =>
    orders.map((order, i) => [
      String(order),
      ...channels.map(({ value }) => {
        const known = value[i] ?? null;
        return known === null ? '' : formatNumber(t.locale, known, { decimals: 1 });
      }),
    ]),
});
