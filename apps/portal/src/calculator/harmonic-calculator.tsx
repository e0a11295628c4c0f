'use client';
import { harmonicDistortion } from '@wattproof/energy';
import { useState } from 'react';
import { Field } from '../form/field.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import styles from './calculator.module.css';
import { Calculator, NumberField, Results, useNumbers } from './calculator.tsx';
import { parseHarmonics } from './harmonic-list.ts';
import { useNumeric } from './numeric.ts';

/** THD on both bases, and the spectrum by order. */
export function HarmonicCalculator() {
  const t = useTranslator();
  const number = useNumbers();
  const fundamental = useNumeric(100, { min: 0.001, max: 1_000_000 });
  const frequency = useNumeric(50, { min: 10, max: 400 });
  const [text, setText] = useState('3: 30, 5: 20, 7: 10');
  const parsed = parseHarmonics(text);
  const result =
    fundamental.value !== undefined && frequency.value !== undefined && 'harmonics' in parsed
      ? harmonicDistortion(fundamental.value, parsed.harmonics, frequency.value)
      : null;
  return (
    <Calculator
      id="harmonics"
      title={t('calc.harmonics')}
      page="103–105"
      fields={
        <>
          <NumberField label={t('calc.harmonics.fundamental')} numeric={fundamental} />
          <NumberField label={t('calc.bank.frequency')} numeric={frequency} unit="Hz" />
          <div className={styles.whole}>
            <Field
              label={t('calc.harmonics.list')}
              help={t('calc.harmonics.listHelp')}
              error={'wrong' in parsed ? t('calc.harmonics.bad', { part: parsed.wrong }) : null}
            >
              {(control) => (
                <input
                  {...control}
                  autoComplete="off"
                  value={text}
                  onChange={(event) => setText(event.target.value)}
                />
              )}
            </Field>
          </div>
        </>
      }
    >
      {result && (
        <>
          <Results
            rows={[
              {
                name: t('calc.harmonics.thdF'),
                value: number(result.thdF_percent, 1),
                unit: '%',
                why: '√(Σ Hn²) ÷ H₁',
              },
              {
                name: t('calc.harmonics.thdR'),
                value: number(result.thdR_percent, 1),
                unit: '%',
                why: '√(Σ Hn²) ÷ √(H₁² + Σ Hn²)',
              },
              { name: t('calc.harmonics.rms'), value: number(result.rms), why: '√(H₁² + Σ Hn²)' },
              {
                name: t('calc.harmonics.factor'),
                value: number(result.distortionFactor, 3),
                why: '1 ÷ √(1 + THD²)',
              },
            ]}
          />
          {result.spectrum.length > 0 && (
            <table className={styles.table}>
              <thead>
                <tr>
                  <th scope="col">{t('calc.harmonics.orderHead')}</th>
                  <th scope="col" data-align="right">
                    {t('calc.harmonics.frequencyHead')}
                  </th>
                  <th scope="col" data-align="right">
                    {t('calc.harmonics.shareHead')}
                  </th>
                </tr>
              </thead>
              <tbody>
                {result.spectrum.map((harmonic) => (
                  <tr key={harmonic.order}>
                    <td>{harmonic.order}</td>
                    <td data-align="right">{`${number(harmonic.frequency_hz, 0)}\u00a0Hz`}</td>
                    <td data-align="right">{`${number(harmonic.share_percent, 1)}\u00a0%`}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </>
      )}
    </Calculator>
  );
}
