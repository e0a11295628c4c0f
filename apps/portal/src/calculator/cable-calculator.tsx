'use client';
import {
  burdenOf_va,
  type CableSection,
  cableLength,
  cableSections,
  currentTransformers,
  minimumBurdenShare,
  printedLength_m,
} from '@wattproof/devices';
import { useState } from 'react';
import { useTranslator } from '../i18n/provider.tsx';
import { Calculator, ChoiceField, Findings, NumberField, Results, useNumbers } from './calculator.tsx';
import { useNumeric } from './numeric.ts';

/** Longest and shortest lead between a transformer and its instrument. */
export function CableCalculator() {
  const t = useTranslator();
  const number = useNumbers();
  const [catalogueNumber, setCatalogueNumber] = useState('4 121 12');
  const [section, setSection] = useState('1.5');
  const ownBurden = useNumeric(10, { min: 0.1, max: 100 });
  const instrument = useNumeric(0.5, { min: 0, max: 50 });
  const temperature = useNumeric(20, { min: -40, max: 120 });
  const length = useNumeric(10, { min: 0, max: 1000 });
  const transformer = currentTransformers.find((ct) => ct.catalogueNumber === catalogueNumber);
  const rated_va = transformer?.burden_va ?? ownBurden.value;
  const section_mm2 = Number(section) as CableSection;
  const [instrument_va, temperature_c, length_m] = [instrument.value, temperature.value, length.value];
  const isReady =
    rated_va !== undefined &&
    instrument_va !== undefined &&
    temperature_c !== undefined &&
    length_m !== undefined;
  const result = isReady ? cableLength({ rated_va, instrument_va, section_mm2, temperature_c }) : null;
  const burden_va = isReady ? burdenOf_va({ length_m, instrument_va, section_mm2 }) : 0;
  const verdict = !(isReady && result)
    ? null
    : length_m > result.max_m
      ? ({ severity: 'error', text: t('calc.cable.verdictHigh') } as const)
      : burden_va < minimumBurdenShare * rated_va
        ? ({ severity: 'warning', text: t('calc.cable.verdictLow') } as const)
        : null;
  return (
    <Calculator
      id="cable"
      title={t('calc.cable')}
      page="47, 98–99"
      fields={
        <>
          <ChoiceField
            label={t('calc.cable.transformer')}
            value={catalogueNumber}
            onChange={setCatalogueNumber}
            options={[
              ...currentTransformers.map((ct) => ({
                value: ct.catalogueNumber,
                label: `${ct.catalogueNumber}, ${ct.primary_a}/5, ${number(ct.burden_va, 2)} VA`,
              })),
              { value: '', label: t('calc.cable.own') },
            ]}
          />
          {!transformer && <NumberField label={t('calc.cable.rated')} numeric={ownBurden} unit="VA" />}
          <NumberField label={t('calc.cable.instrument')} numeric={instrument} unit="VA" />
          <ChoiceField
            label={t('calc.cable.section')}
            value={section}
            onChange={setSection}
            options={cableSections.map(({ section_mm2: mm2 }) => ({
              value: String(mm2),
              label: `${number(mm2, mm2 % 1 ? 1 : 0)} mm²`,
            }))}
          />
          <NumberField label={t('calc.cable.temperature')} numeric={temperature} unit="°C" />
          <NumberField label={t('calc.cable.length')} numeric={length} unit="m" />
        </>
      }
    >
      {result && (
        <>
          <Results
            rows={[
              {
                name: t('calc.cable.max'),
                value: number(printedLength_m(result.max_m), 1),
                unit: 'm',
                why: t('calc.cable.maxWhy'),
              },
              {
                name: t('calc.cable.min'),
                value: number(printedLength_m(result.min_m), 1),
                unit: 'm',
                why: t('calc.cable.minWhy'),
              },
              {
                name: t('calc.cable.burden'),
                value: number(burden_va),
                unit: 'VA',
                ...(verdict ? {} : { why: t('calc.cable.verdictGood') }),
              },
            ]}
          />
          <Findings
            findings={[
              ...(verdict ? [verdict] : []),
              ...(transformer && transformer.class_burden !== transformer.class_printed
                ? [
                    {
                      severity: 'warning' as const,
                      text: t('calc.cable.twoClasses', {
                        printed: transformer.class_printed,
                        burden: transformer.class_burden,
                      }),
                    },
                  ]
                : []),
            ]}
          />
        </>
      )}
    </Calculator>
  );
}
