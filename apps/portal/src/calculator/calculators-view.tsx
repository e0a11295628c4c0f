'use client';
import type { PortalKey } from '@wattproof/messages';
import Link from 'next/link';
import { Verdict } from '../figure/section.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { CableCalculator } from './cable-calculator.tsx';
import styles from './calculator.module.css';
import { ChainCalculator } from './chain-calculator.tsx';
import { HarmonicCalculator } from './harmonic-calculator.tsx';
import { LineCalculator } from './line-calculator.tsx';
import { NumberCalculator } from './number-calculator.tsx';
import { BankCalculator, PowerCalculator } from './power-calculators.tsx';
import { PulseCalculator } from './pulse-calculator.tsx';
import { TransformerCalculator } from './transformer-calculator.tsx';

const parts: readonly (readonly [id: string, key: PortalKey])[] = [
  ['line', 'calc.line'],
  ['transformer', 'calc.choose'],
  ['cable', 'calc.cable'],
  ['chain', 'calc.chain'],
  ['pulse', 'calc.pulse'],
  ['number', 'calc.number'],
  ['power', 'calc.power'],
  ['bank', 'calc.bank'],
  ['harmonics', 'calc.harmonics'],
];

/** The calculators of the guide, live. */
export function CalculatorsView() {
  const t = useTranslator();
  return (
    <>
      <Verdict title={t('calc.title')}>
        {t('calc.lead')} <Link href="/field">{t('field.back')}</Link>
      </Verdict>
      <nav className={styles.jump} aria-label={t('calc.jump')}>
        {parts.map(([id, key]) => (
          <a key={id} href={`#${id}`}>
            {t(key)}
          </a>
        ))}
      </nav>
      <div className={styles.sections}>
        <LineCalculator />
        <TransformerCalculator />
        <CableCalculator />
        <ChainCalculator />
        <PulseCalculator />
        <NumberCalculator />
        <PowerCalculator />
        <BankCalculator />
        <HarmonicCalculator />
      </div>
    </>
  );
}
