'use client';
import { capacitorBank, powerTriangle } from '@wattproof/energy';
import { useState } from 'react';
import { useTranslator } from '../i18n/provider.tsx';
import styles from './calculator.module.css';
import { Calculator, ChoiceField, NumberField, Results, useNumbers } from './calculator.tsx';
import { useNumeric } from './numeric.ts';

/** P, Q, S and tan φ of a voltage, a current and a cos φ. */
export function PowerCalculator() {
  const t = useTranslator();
  const number = useNumbers();
  const [network, setNetwork] = useState<'single' | 'three'>('three');
  const voltage = useNumeric(400, { min: 0, max: 100_000 });
  const current = useNumeric(100, { min: 0, max: 100_000 });
  const cosPhi = useNumeric(0.9, { min: 0, max: 1 });
  const isReady = voltage.value !== undefined && current.value !== undefined && cosPhi.value !== undefined;
  const result = isReady
    ? powerTriangle({
        voltage_v: voltage.value ?? 0,
        current_a: current.value ?? 0,
        cosPhi: cosPhi.value ?? 0,
        network,
      })
    : null;
  const root = network === 'three' ? '√3 × ' : '';
  return (
    <Calculator
      id="power"
      title={t('calc.power')}
      page="100–101"
      fields={
        <>
          <ChoiceField
            label={t('calc.pulse.network')}
            value={network}
            onChange={(value) => setNetwork(value === 'single' ? 'single' : 'three')}
            options={(['single', 'three'] as const).map((value) => ({
              value,
              label: t(`calc.pulse.${value}`),
            }))}
          />
          <NumberField
            label={t('calc.power.voltage')}
            numeric={voltage}
            unit="V"
            help={t('calc.power.voltageHelp')}
          />
          <NumberField label={t('calc.power.current')} numeric={current} unit="A" />
          <NumberField label={t('calc.power.cosPhi')} numeric={cosPhi} />
        </>
      }
    >
      {result && (
        <Results
          rows={[
            {
              name: t('calc.power.active'),
              value: number(result.active_w / 1000, 3),
              unit: 'kW',
              why: `${root}U × I × cos φ`,
            },
            {
              name: t('calc.power.reactive'),
              value: number(result.reactive_var / 1000, 3),
              unit: 'kvar',
              why: `${root}U × I × sin φ`,
            },
            {
              name: t('calc.power.apparent'),
              value: number(result.apparent_va / 1000, 3),
              unit: 'kVA',
              why: `${root}U × I = √(P² + Q²)`,
            },
            {
              name: t('calc.power.tanPhi'),
              value: result.tanPhi === null ? '—' : number(result.tanPhi, 3),
              why: 'Q ÷ P',
            },
          ]}
        />
      )}
    </Calculator>
  );
}

/** The capacitor bank from one cos φ to another. */
export function BankCalculator() {
  const t = useTranslator();
  const number = useNumbers();
  const power = useNumeric(100, { min: 0.001, max: 100_000 });
  const voltage = useNumeric(400, { min: 1, max: 100_000 });
  const frequency = useNumeric(50, { min: 10, max: 400 });
  const from = useNumeric(0.75, { min: 0.05, max: 1 });
  const to = useNumeric(0.95, { min: 0.05, max: 1 });
  const isReady = [power, voltage, frequency, from, to].every((n) => n.value !== undefined);
  const bank = isReady
    ? capacitorBank({
        active_w: 1000 * (power.value ?? 1),
        voltage_v: voltage.value ?? 1,
        frequency_hz: frequency.value ?? 1,
        cosPhi: from.value ?? 1,
        wantedCosPhi: to.value ?? 1,
      })
    : null;
  return (
    <Calculator
      id="bank"
      title={t('calc.bank')}
      page="102"
      fields={
        <>
          <NumberField label={t('calc.bank.power')} numeric={power} unit="kW" />
          <NumberField label={t('calc.bank.voltage')} numeric={voltage} unit="V" />
          <NumberField label={t('calc.bank.frequency')} numeric={frequency} unit="Hz" />
          <NumberField label={t('calc.bank.from')} numeric={from} />
          <NumberField label={t('calc.bank.to')} numeric={to} />
        </>
      }
    >
      {bank &&
        (bank.reactive_var < 0 ? (
          <p className={styles.note}>{t('calc.bank.negative')}</p>
        ) : (
          <Results
            rows={[
              {
                name: t('calc.bank.reactive'),
                value: number(bank.reactive_var / 1000, 1),
                unit: 'kvar',
                why: 'P × (tan φ₁ − tan φ₂)',
              },
              {
                name: t('calc.bank.delta'),
                value: number(bank.delta_f * 1e6, 1),
                unit: 'µF',
                why: 'Q ÷ (3 × U² × 2πf)',
              },
              {
                name: t('calc.bank.star'),
                value: number(bank.star_f * 1e6, 1),
                unit: 'µF',
                why: 'Q ÷ (U² × 2πf)',
              },
              {
                name: t('calc.bank.current'),
                value: t('calc.bank.currents', {
                  before: number(bank.currentBefore_a, 1),
                  after: number(bank.currentAfter_a, 1),
                }),
              },
              {
                name: t('calc.bank.losses'),
                value: t('calc.bank.less', { share: number(100 * bank.lossesSavedShare, 0) }),
                why: '1 − (I₂ ÷ I₁)²',
              },
            ]}
          />
        ))}
    </Calculator>
  );
}
