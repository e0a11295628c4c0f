'use client';
import { byteOrders, codingsOf, parseWords, registerNames } from '@wattproof/devices';
import { formatNumber } from '@wattproof/messages';
import { useState } from 'react';
import { Field } from '../form/field.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import styles from './calculator.module.css';
import { Calculator, ChoiceField, NumberField, Results } from './calculator.tsx';
import { useNumeric } from './numeric.ts';

/** Powers of ten that register tables use. */
const scales = ['1', '0.1', '0.01', '0.001', '10', '100', '1000'];

/** Every reading of one to four registers, and the three names of a register. */
export function NumberCalculator() {
  const t = useTranslator();
  const [text, setText] = useState('00 03 99 18');
  const [least, setLeast] = useState<1 | 2 | 4>(1);
  const [scale, setScale] = useState('0.001');
  const register = useNumeric(51_078, { min: 0, max: 65_535, isWhole: true });
  const words = parseWords(text, least);
  const coded = words && codingsOf(words);
  const names = register.value === undefined ? null : registerNames(register.value);
  const integer = (value: bigint | number): string => formatNumber(t.locale, String(value), { decimals: 0 });
  const float = (value: number | null | undefined): string =>
    value === null || value === undefined
      ? t('calc.number.notFinite')
      : Math.abs(value) >= 1e-6 && Math.abs(value) < 1e15
        ? formatNumber(t.locale, String(Number(value.toPrecision(8))), { decimals: 6 })
        : value.toExponential(6);
  const scaled = coded && Number(coded.signed) * Number(scale);
  return (
    <Calculator
      id="number"
      title={t('calc.number')}
      page="112–115"
      fields={
        <>
          <div className={styles.whole}>
            <Field
              label={t('calc.number.text')}
              help={t('calc.number.help')}
              error={words ? null : t('calc.number.bad')}
            >
              {(control) => (
                <input
                  {...control}
                  autoComplete="off"
                  spellCheck={false}
                  className={styles.code}
                  value={text}
                  onChange={(event) => setText(event.target.value)}
                />
              )}
            </Field>
          </div>
          <ChoiceField
            label={t('calc.number.width')}
            value={String(least)}
            onChange={(value) => setLeast(value === '4' ? 4 : value === '2' ? 2 : 1)}
            options={['1', '2', '4'].map((value) => ({
              value,
              label: t('calc.number.bits', { bits: 16 * Number(value) }),
            }))}
          />
          <ChoiceField
            label={t('calc.number.scale')}
            value={scale}
            onChange={setScale}
            options={scales.map((value) => ({
              value,
              label: formatNumber(t.locale, value, { decimals: value.split('.')[1]?.length ?? 0 }),
            }))}
          />
          <NumberField label={t('calc.number.register')} numeric={register} />
        </>
      }
    >
      {coded && names && (
        <>
          <Results
            rows={[
              { name: t('calc.number.hex'), value: <span className={styles.code}>{coded.hexadecimal}</span> },
              { name: t('calc.number.binary'), value: <span className={styles.code}>{coded.binary}</span> },
              { name: t('calc.number.unsigned'), value: integer(coded.unsigned) },
              { name: t('calc.number.signed'), value: integer(coded.signed) },
              {
                name: t('calc.number.scaled'),
                value: formatNumber(t.locale, Number((scaled ?? 0).toPrecision(12)), {
                  decimals: scale.split('.')[1]?.length ?? 0,
                }),
              },
              { name: t('calc.number.characters'), value: <span className={styles.code}>{coded.text}</span> },
              {
                name: t('calc.number.registerNumber'),
                value: t('calc.number.names', {
                  number: String(names.number),
                  address: String(names.address),
                  hex: names.hexadecimal,
                }),
              },
            ]}
          />
          {coded.words.length === 2 && (
            <table className={styles.table}>
              <thead>
                <tr>
                  <th scope="col">{t('calc.number.order')}</th>
                  <th scope="col" data-align="right">
                    {t('calc.number.integer')}
                  </th>
                  <th scope="col" data-align="right">
                    {t('calc.number.float')}
                  </th>
                </tr>
              </thead>
              <tbody>
                {byteOrders.map((order) => (
                  <tr key={order}>
                    <td className={styles.code}>{order}</td>
                    <td data-align="right">{integer(coded.integers[order] ?? 0)}</td>
                    <td data-align="right">{float(coded.floats[order])}</td>
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
