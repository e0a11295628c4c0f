'use client';
import {
  chain_percent,
  chainAsPrinted_percent,
  chainStandardUncertainty_percent,
  standardClassOf,
} from '@wattproof/energy';
import { useState } from 'react';
import { useTranslator } from '../i18n/provider.tsx';
import { Calculator, ChoiceField, Results, useNumbers } from './calculator.tsx';

const meterClasses = ['0.2', '0.5', '1', '2'];
const sensorClasses = ['', '0.1', '0.2', '0.5', '1', '3'];

/** Accuracy chain: as the guide prints it, and as IEC 61557-12 sums it. */
export function ChainCalculator() {
  const t = useTranslator();
  const number = useNumbers();
  const [meter, setMeter] = useState('1');
  const [sensor, setSensor] = useState('1');
  const [count, setCount] = useState('3');
  const shown = (value: string): string => number(Number(value), value.includes('.') ? 1 : 0);
  const parts = [
    { part: 'meter', class: Number(meter) },
    ...(sensor === ''
      ? []
      : Array.from({ length: Number(count) }, () => ({ part: 'CT', class: Number(sensor) }))),
  ];
  const chain = chain_percent(parts);
  const standard = standardClassOf(chain);
  return (
    <Calculator
      id="chain"
      title={t('calc.chain')}
      page="98"
      fields={
        <>
          <ChoiceField
            label={t('calc.chain.meter')}
            value={meter}
            onChange={setMeter}
            options={meterClasses.map((value) => ({ value, label: shown(value) }))}
          />
          <ChoiceField
            label={t('calc.chain.ct')}
            value={sensor}
            onChange={setSensor}
            options={sensorClasses.map((value) => ({
              value,
              label: value === '' ? t('calc.none') : shown(value),
            }))}
          />
          <ChoiceField
            label={t('calc.chain.count')}
            value={count}
            onChange={setCount}
            options={['1', '2', '3', '4'].map((value) => ({ value, label: value }))}
          />
        </>
      }
    >
      <Results
        rows={[
          {
            name: t('calc.chain.printed'),
            value: number(chainAsPrinted_percent(parts)),
            unit: '%',
            why: t('calc.chain.printedWhy'),
          },
          {
            name: t('calc.chain.standard'),
            value: number(chain),
            unit: '%',
            why: t('calc.chain.standardWhy'),
          },
          { name: t('calc.chain.class'), value: standard === null ? '—' : shown(String(standard)) },
          {
            name: t('calc.chain.uncertainty'),
            value: number(chainStandardUncertainty_percent(parts)),
            unit: '%',
          },
        ]}
      />
    </Calculator>
  );
}
