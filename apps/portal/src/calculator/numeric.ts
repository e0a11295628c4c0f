'use client';
import { formatNumber } from '@wattproof/messages';
import { useState } from 'react';
import { parseNumber } from '../form/parse-number.ts';
import { useTranslator } from '../i18n/provider.tsx';

export interface NumericLimits {
  readonly min: number;
  readonly max?: number;
  /** An empty field is allowed and has no value. */
  readonly isOptional?: boolean;
  readonly isWhole?: boolean;
}

export interface Numeric {
  readonly text: string;
  readonly setText: (text: string) => void;
  /** Undefined where the field is empty or wrong. */
  readonly value: number | undefined;
  readonly isValid: boolean;
  readonly error: string | null;
}

/** A number while it is typed: what stands there, what it means, and what it should be. */
export function useNumeric(initial: number | null, limits: NumericLimits): Numeric {
  const t = useTranslator();
  const [text, setText] = useState(() =>
    initial === null ? '' : formatNumber(t.locale, initial, { decimals: decimalsIn(initial) }),
  );
  const { min, max, isOptional = false, isWhole = false } = limits;
  const isEmpty = text.trim() === '';
  const number = isEmpty ? null : parseNumber(text);
  const fits =
    number !== null &&
    number >= min &&
    (max === undefined || number <= max) &&
    (!isWhole || Number.isInteger(number));
  const isValid = fits || (isEmpty && isOptional);
  const shown = (n: number): string => formatNumber(t.locale, n, { decimals: decimalsIn(n) });
  return {
    text,
    setText,
    value: fits ? number : undefined,
    isValid,
    error: isValid
      ? null
      : max === undefined
        ? t('calc.rangeMin', { min: shown(min) })
        : t('calc.range', { min: shown(min), max: shown(max) }),
  };
}

const decimalsIn = (value: number): number => String(value).split('.')[1]?.length ?? 0;
