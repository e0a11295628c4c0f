import { type EnbModel, isTangent, type VariableDefinition } from './enb.ts';
import type { VariableRange } from './sep.ts';

/** A coefficient of a baseline beside the variable it belongs to; tangents of change points are told as errors of bases. */
export interface EnbTerm {
  readonly name: string;
  /** null: the intercept. */
  readonly definition: VariableDefinition | null;
  readonly value: number;
  readonly standardError: number;
  readonly p: number | null;
  readonly base_c: number | null;
  /** Where the base was estimated as a change point and the data tells. */
  readonly baseStandardError_c: number | null;
  readonly range: VariableRange | null;
}

/** The terms that people read: intercept first where there is one. */
export function enbTerms(model: EnbModel): readonly EnbTerm[] {
  const first = model.hasIntercept === false ? 0 : 1;
  const pointOf = (kind: 'heatingPoint' | 'coolingPoint'): number | null => {
    const k = model.variables.findIndex((variable) => variable.kind === kind);
    return k === -1 ? null : (model.coefficients[first + k]?.standardError ?? null);
  };
  return model.coefficients.flatMap((coefficient, i): EnbTerm[] => {
    const definition = model.variables[i - first] ?? null;
    const { name, value, standardError, p } = coefficient;
    if (definition === null)
      return [
        { name, definition, value, standardError, p, base_c: null, baseStandardError_c: null, range: null },
      ];
    if (isTangent(definition)) return [];
    const isBased = definition.kind === 'heating' || definition.kind === 'cooling';
    return [
      {
        name,
        definition,
        value,
        standardError,
        p,
        base_c: isBased ? definition.base_c : null,
        baseStandardError_c: isBased ? pointOf(`${definition.kind}Point`) : null,
        range: model.ranges[i - first] ?? null,
      },
    ];
  });
}
