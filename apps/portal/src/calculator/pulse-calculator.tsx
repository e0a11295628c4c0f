'use client';
import {
  checkPulseInput,
  findProduct,
  largestPower_w,
  products,
  pulseRate,
  suggestWeight_wh,
} from '@wattproof/devices';
import { useState } from 'react';
import { useTranslator } from '../i18n/provider.tsx';
import styles from './calculator.module.css';
import { Calculator, ChoiceField, Findings, NumberField, Results, useNumbers } from './calculator.tsx';
import { useNumeric } from './numeric.ts';

const sources = products.filter((p) => p.kind === 'meter' && p.pulse);

/** Weight and duration of pulses against the largest current. */
export function PulseCalculator() {
  const t = useTranslator();
  const number = useNumbers();
  const [catalogueNumber, setCatalogueNumber] = useState('0 046 73');
  const [network, setNetwork] = useState<'single' | 'three'>('three');
  const voltage = useNumeric(230, { min: 1, max: 1000 });
  const current = useNumeric(63, { min: 0.1, max: 6300 });
  const weight = useNumeric(1, { min: 0.01, max: 10_000_000 });
  const duration = useNumeric(100, { min: 1, max: 5000 });
  const off = useNumeric(0, { min: 0, max: 10_000 });
  const source = findProduct(catalogueNumber);
  const choose = (value: string): void => {
    setCatalogueNumber(value);
    const product = findProduct(value);
    if (!product?.pulse) return;
    if (product.network) setNetwork(product.network);
    if (product.connection === 'direct') current.setText(String(product.current_a_max));
    const [weight_wh] = product.pulse.weights_wh;
    const [duration_ms] = product.pulse.durations_ms;
    if (weight_wh !== undefined) weight.setText(number(weight_wh, weight_wh % 1 ? 1 : 0));
    if (duration_ms !== undefined) duration.setText(String(duration_ms));
  };
  const [voltage_v, current_a_max, weight_wh, duration_ms, offTime_ms] = [
    voltage.value,
    current.value,
    weight.value,
    duration.value,
    off.value,
  ];
  const isReady =
    voltage_v !== undefined &&
    current_a_max !== undefined &&
    weight_wh !== undefined &&
    duration_ms !== undefined &&
    offTime_ms !== undefined;
  const result = isReady
    ? resultOf({ network, voltage_v, current_a_max, weight_wh, duration_ms, offTime_ms })
    : null;

  function resultOf(input: {
    readonly network: 'single' | 'three';
    readonly voltage_v: number;
    readonly current_a_max: number;
    readonly weight_wh: number;
    readonly duration_ms: number;
    readonly offTime_ms: number;
  }) {
    const power_w_max = largestPower_w(input);
    const offered = source?.pulse;
    const weights_wh = offered?.weights_wh ?? [0.1, 1, 10, 100, 1000, 10_000];
    return {
      power_w_max,
      rate: pulseRate(power_w_max, input.weight_wh),
      findings: checkPulseInput({ ...input, power_w_max, ...(offered ? { offered } : {}) }),
      suggested_wh: suggestWeight_wh({ ...input, power_w_max }, weights_wh),
    };
  }
  return (
    <Calculator
      id="pulse"
      title={t('calc.pulse')}
      page="32, 40, 48–51"
      fields={
        <>
          <ChoiceField
            label={t('calc.pulse.meter')}
            value={catalogueNumber}
            onChange={choose}
            options={[
              ...sources.map((p) => ({ value: p.catalogueNumber, label: p.catalogueNumber })),
              { value: '', label: t('calc.cable.own') },
            ]}
          />
          <ChoiceField
            label={t('calc.pulse.network')}
            value={network}
            onChange={(value) => setNetwork(value === 'single' ? 'single' : 'three')}
            options={[
              { value: 'single', label: t('calc.pulse.single') },
              { value: 'three', label: t('calc.pulse.three') },
            ]}
          />
          <NumberField label={t('calc.pulse.voltage')} numeric={voltage} unit="V" />
          <NumberField label={t('calc.pulse.current')} numeric={current} unit="A" />
          <NumberField label={t('calc.pulse.weight')} numeric={weight} unit="Wh" />
          <NumberField label={t('calc.pulse.duration')} numeric={duration} unit="ms" />
          <NumberField label={t('calc.pulse.off')} numeric={off} unit="ms" />
        </>
      }
    >
      {result && (
        <>
          <Results
            rows={[
              {
                name: t('calc.pulse.power'),
                value: number(result.power_w_max / 1000),
                unit: 'kW',
                why: 'n × U × I',
              },
              {
                name: t('calc.pulse.rate'),
                value: t('calc.pulse.perSecond', {
                  rate: number(result.rate.perSecond),
                  every: number(result.rate.period_ms, 0),
                }),
                why: 'P ÷ (3600 × Wh)',
              },
              {
                name: t('calc.pulse.suggest'),
                value:
                  result.suggested_wh === undefined
                    ? '—'
                    : number(result.suggested_wh, result.suggested_wh % 1 ? 1 : 0),
                ...(result.suggested_wh === undefined ? {} : { unit: 'Wh' }),
              },
            ]}
          />
          {result.findings.length === 0 ? (
            <p className={styles.note}>{t('calc.pulse.good')}</p>
          ) : (
            <Findings
              findings={result.findings.map((f) => ({
                severity: f.severity,
                text: t(`calc.pulse.${f.code}`, f.data),
              }))}
            />
          )}
        </>
      )}
    </Calculator>
  );
}
