import type { Candidates, EnbCandidate, EnbVersion } from '@wattproof/contracts/api';
import { formatNumber, formatQuantity, type PortalTranslator, quantityText } from '@wattproof/messages';

type Term = EnbCandidate['terms'][number];
/** Names that people gave the variables, by key. */
export type VariableNames = ReadonlyMap<string, { readonly name: string; readonly unit: string }>;

export const variableNamesOf = (variables: Candidates['variables']): VariableNames =>
  new Map(variables.map((v) => [v.key, v]));

const degrees = (t: PortalTranslator, c: number): string => quantityText(formatQuantity(t.locale, c, '°C'));

/** A term in the words of the field: degree days by their base, other variables by the name people gave them. */
export function termName(
  term: Pick<Term, 'variable' | 'base_c'>,
  t: PortalTranslator,
  names: VariableNames,
): string {
  const { variable, base_c } = term;
  if (variable === 'intercept') return t('variable.intercept');
  if (variable === 'temperature') return t('variable.temperature');
  if (variable === 'hdd' || variable === 'cdd') {
    const kind = variable === 'hdd' ? 'heating' : 'cooling';
    return base_c === null ? t(`variable.${kind}Plain`) : t(`variable.${kind}`, { base: degrees(t, base_c) });
  }
  return names.get(variable)?.name ?? variable;
}

/** What a model explains energy by, in one line. */
export function modelName(
  { choice, terms }: { readonly choice: { readonly form: string } | null; readonly terms: readonly Term[] },
  t: PortalTranslator,
  names: VariableNames,
): string {
  if (choice?.form === 'timeOfWeek') return t('workbench.hourlyModel');
  const variables = terms
    .filter((term) => term.variable !== 'intercept')
    .map((term) => termName(term, t, names));
  return variables.length === 0
    ? t(choice?.form === 'mean' ? 'enbForm.mean' : 'enpi.constant')
    : variables.join(', ');
}

/** Change points and base temperatures of a model, with the error of those that were estimated. */
export const changePointsOf = (
  { terms }: Pick<EnbVersion | EnbCandidate, 'terms'>,
  t: PortalTranslator,
): readonly { readonly x: number; readonly halfWidth: number | null; readonly label: string }[] =>
  terms.flatMap(({ base_c, baseStandardError_c }) =>
    base_c === null
      ? []
      : [
          {
            x: base_c,
            halfWidth: baseStandardError_c,
            label:
              baseStandardError_c === null
                ? degrees(t, base_c)
                : `${formatNumber(t.locale, base_c, { decimals: 1 })} ± ${degrees(t, baseStandardError_c)}`,
          },
        ],
  );

/** A number of statistics: four significant figures, never an endless tail. */
export const significant = (t: PortalTranslator, value: number): string => {
  if (!Number.isFinite(value)) return '—';
  const size = Math.abs(value);
  return formatNumber(t.locale, Number(value.toPrecision(4)), {
    decimals: size >= 1000 || size === 0 ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : 4,
  });
};

export const pText = (t: PortalTranslator, p: number | null): string =>
  p === null ? '—' : p < 0.001 ? '< 0.001' : formatNumber(t.locale, p, { decimals: 3 });
