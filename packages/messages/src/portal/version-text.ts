import type { FactorChange, FormulaChange, ReportDifference, VersionChanges } from '@wattproof/energy';
import { formatLocalDate } from '../date.ts';
import { formatNumber } from '../number.ts';
import type { PortalTranslator } from './catalogue.ts';

/** A name as the beginning of a sentence. */
const capital = (name: string): string => name.charAt(0).toLocaleUpperCase() + name.slice(1);

const stepText = (t: PortalTranslator, { formula, steps }: FormulaChange): string[] =>
  steps.map(({ version, since, change }) => {
    const key = `formula.change.${formula}${version}`;
    return t('reissue.step', {
      version,
      since: formatLocalDate(t.locale, since, 'date'),
      change: t.has(key) ? t(key) : (change ?? ''),
    });
  });

/** That a formula has another version now, and what each of the versions between changed. */
export const formulaChangeText = (t: PortalTranslator, change: FormulaChange): string =>
  [
    t('reissue.formulaChanged', {
      formula: capital(t(`formula.name.${change.formula}`)),
      from: change.from,
      to: change.to,
    }),
    ...stepText(t, change),
  ].join(' ');

/** What of a rule is otherwise now. */
export function factorChangeText(
  t: PortalTranslator,
  { role, id, runningId, members }: FactorChange,
): string {
  const what = { role: capital(t(`factor.role.${role}`)), id };
  if (runningId === null) return t('reissue.factorNone', what);
  const list = members.map(({ member, before, after }) => `${member} ${before ?? '–'} → ${after ?? '–'}`);
  return t('reissue.factorChanged', { ...what, members: list.join(', ') });
}

/** Digits that tell two figures apart, at most. */
const mostDecimals = 6;
const digitsOf = (value: string | null): number => (value?.split('.')[1] ?? '').length;

function valueText(
  t: PortalTranslator,
  value: string | null,
  {
    unit,
    decimals,
    signed = false,
  }: { readonly unit: string; readonly decimals: number; readonly signed?: boolean },
): string {
  if (value === null) return t('reissue.unknown');
  if (unit === '') {
    const key = `reissue.word.${value}`;
    return t.has(key) ? t(key) : value;
  }
  const text = formatNumber(t.locale, value, { decimals, signed });
  return unit === 'years' ? t('reissue.years', { value: text }) : `${text}\u00a0${unit}`;
}

/** Two percentages differ by points. */
const differenceOf = (
  t: PortalTranslator,
  difference: string,
  { unit, decimals }: { readonly unit: string; readonly decimals: number },
): string =>
  unit === '%'
    ? t('reissue.points', { value: formatNumber(t.locale, difference, { decimals, signed: true }) })
    : valueText(t, difference, { unit, decimals, signed: true });

function subjectText(t: PortalTranslator, { figure, subject }: ReportDifference): string {
  if (figure !== 'useMetered' && figure !== 'useShare') return subject;
  const key = `use.${subject || 'unexplained'}`;
  return t.has(key) ? t(key) : subject;
}

const onGuide = 'guide.';
function figureText(t: PortalTranslator, { figure }: ReportDifference): string {
  const key = `reissue.figure.${figure.replace(onGuide, '')}`;
  const name = t.has(key) ? t(key) : figure;
  return figure.startsWith(onGuide) ? t('reissue.onGuide', { figure: name }) : name;
}

/** A figure that came out otherwise in words: what it is, both values, and which version says why. */
export interface DifferenceText {
  readonly figure: string;
  /** Row, site, use, EnPI or measure; empty: the whole audit. */
  readonly subject: string;
  readonly before: string;
  readonly after: string;
  /** Empty where they are words, or one is not known. */
  readonly difference: string;
  readonly why: string;
}

export function differenceText(
  t: PortalTranslator,
  one: ReportDifference,
  changes: VersionChanges,
): DifferenceText {
  const { unit, before, after, difference } = one;
  const decimals = Math.min(mostDecimals, Math.max(digitsOf(before), digitsOf(after)));
  const reasons = [
    ...changes.formulas
      .filter(({ formula }) => one.formulas.includes(formula))
      .map(({ formula, from, to }) => `${t(`formula.name.${formula}`)} ${from} → ${to}`),
    ...changes.factors
      .filter(({ role }) => role === one.factor)
      .map(({ role, id }) => `${t(`factor.role.${role}`)} ${id}`),
  ];
  return {
    figure: figureText(t, one),
    subject: subjectText(t, one),
    before: valueText(t, before, { unit, decimals }),
    after: valueText(t, after, { unit, decimals }),
    difference: difference === null ? '' : differenceOf(t, difference, { unit, decimals }),
    why: reasons.join(', ') || t('reissue.unexplained'),
  };
}
