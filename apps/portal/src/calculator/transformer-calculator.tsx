'use client';
import { type CurrentTransformer, chooseTransformer, classOf, ctSetting } from '@wattproof/devices';
import { useState } from 'react';
import { useTranslator } from '../i18n/provider.tsx';
import styles from './calculator.module.css';
import { Calculator, ChoiceField, NumberField, useNumbers } from './calculator.tsx';
import { useNumeric } from './numeric.ts';

/** Fitting transformers shown at most: the closest ratings come first. */
const shownMost = 6;

/** Which of the 41 transformers fits a circuit, and what is entered for it. */
export function TransformerCalculator() {
  const t = useTranslator();
  const number = useNumbers();
  const current = useNumeric(320, { min: 1, max: 6300 });
  const usual = useNumeric(200, { min: 0, max: 6300, isOptional: true });
  const cable = useNumeric(null, { min: 1, max: 200, isOptional: true });
  const width = useNumeric(null, { min: 1, max: 300, isOptional: true });
  const height = useNumeric(null, { min: 1, max: 300, isOptional: true });
  const [wanted, setWanted] = useState('');
  const isReady = current.value !== undefined && [usual, cable, width, height].every((n) => n.isValid);
  const fitting = isReady
    ? chooseTransformer({
        current_a: current.value ?? 0,
        ...(usual.value === undefined ? {} : { usual_a: usual.value }),
        ...(cable.value === undefined ? {} : { cable_mm: cable.value }),
        ...(width.value === undefined || height.value === undefined
          ? {}
          : { bar_mm: [width.value, height.value] as const }),
        ...(wanted === '' ? {} : { class: Number(wanted) as 0.5 | 1 }),
      }).filter((choice) => choice.reasons.length === 0)
    : null;
  const optional = t('calc.choose.optional');
  const opening = (ct: CurrentTransformer): string =>
    [
      ...(ct.cable_mm === null ? [] : [t('calc.choose.cableOpening', { mm: ct.cable_mm })]),
      ...ct.bars_mm.map(([w, h]) => `${number(w, w % 1 ? 1 : 0)} × ${number(h, h % 1 ? 1 : 0)} mm`),
    ].join(', ');
  return (
    <Calculator
      id="transformer"
      title={t('calc.choose')}
      page="42–47"
      fields={
        <>
          <NumberField label={t('calc.choose.current')} numeric={current} unit="A" />
          <NumberField label={t('calc.choose.usual')} numeric={usual} unit="A" help={optional} />
          <NumberField label={t('calc.choose.cable')} numeric={cable} unit="mm" help={optional} />
          <NumberField label={t('calc.choose.barWidth')} numeric={width} unit="mm" help={optional} />
          <NumberField label={t('calc.choose.barHeight')} numeric={height} unit="mm" help={optional} />
          <ChoiceField
            label={t('calc.choose.class')}
            value={wanted}
            onChange={setWanted}
            options={[
              { value: '', label: t('calc.choose.any') },
              { value: '0.5', label: number(0.5, 1) },
              { value: '1', label: '1' },
            ]}
          />
        </>
      }
    >
      {fitting && (
        <>
          <p className={styles.note}>{t('calc.choose.fits', { count: fitting.length })}</p>
          {fitting.length > 0 && (
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls to the side must be reachable by keyboard
            <section className={styles.scroll} tabIndex={0} aria-label={t('calc.choose.number')}>
              <table className={`${styles.table} ${styles.wide}`}>
                <thead>
                  <tr>
                    <th scope="col">{t('calc.choose.number')}</th>
                    <th scope="col">{t('calc.choose.ratio')}</th>
                    <th scope="col">{t('calc.choose.classHead')}</th>
                    <th scope="col">{t('calc.choose.opening')}</th>
                    <th scope="col" data-align="right">
                      {t('calc.choose.load')}
                    </th>
                    <th scope="col" data-align="right">
                      {t('calc.choose.enterMeter')}
                    </th>
                    <th scope="col" data-align="right">
                      {t('calc.choose.enterUnit')}
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {fitting.slice(0, shownMost).map(({ transformer: ct, usualLoad_percent }) => (
                    <tr key={ct.catalogueNumber}>
                      <td className={`${styles.code} ${styles.fixed}`}>{ct.catalogueNumber}</td>
                      <td>{`${ct.primary_a}/5`}</td>
                      <td>{number(classOf(ct), classOf(ct) === 1 ? 0 : 1)}</td>
                      <td>{opening(ct)}</td>
                      <td data-align="right">
                        {usualLoad_percent === null ? '—' : `${number(usualLoad_percent, 1)}\u00a0%`}
                      </td>
                      <td data-align="right">{ctSetting(ct, 'meter')}</td>
                      <td data-align="right">{ctSetting(ct, 'controlUnit')}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </section>
          )}
        </>
      )}
    </Calculator>
  );
}
