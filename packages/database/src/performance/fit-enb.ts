import {
  type Disqualified,
  type EnbModel,
  type EnpiPeriod,
  type Finding,
  finding,
  fitBaseline,
  fitChoice,
  type ModelChoice,
  settingsOf,
} from '@wattproof/energy';
import type { EnpiDefinition, StoredCandidate, StoredEnb } from './performance-record.ts';
import { storedCandidates, storedEnb } from './stored-enb.ts';

export interface FittedEnb {
  readonly model: StoredEnb;
  readonly candidates: readonly StoredCandidate[];
  readonly findings: readonly Finding[];
}

type Fitted = { readonly ok: true; readonly enb: FittedEnb } | Disqualified;

/** Fits a choice, or what the kind of the EnPI asks for where nobody chose: ratio, mean, or the best linear model. */
export function fitEnb(period: EnpiPeriod, definition: EnpiDefinition, choice: ModelChoice | null): Fitted {
  const wanted = choice ?? ownChoice(definition);
  if (wanted === null) {
    const fitted = fitBaseline(period, settingsOf(definition.granularity), definition.granularity);
    if (!fitted.ok) return fitted;
    return {
      ok: true,
      enb: {
        model: storedEnb(fitted.model, definition),
        candidates: storedCandidates(fitted, period),
        findings: fitted.warnings,
      },
    };
  }
  if ('code' in wanted) return { ok: false, disqualifications: [wanted] };
  const fitted = fitChoice(period, wanted, definition.granularity);
  if (!fitted.ok) return fitted;
  if (fitted.refused.length > 0) return { ok: false, disqualifications: fitted.refused };
  return {
    ok: true,
    enb: {
      model: storedEnb(fitted.model as EnbModel, definition),
      candidates: [],
      findings: fitted.warnings,
    },
  };
}

function ownChoice({ kind, variables }: EnpiDefinition): ModelChoice | Finding | null {
  if (kind === 'model') return null;
  if (kind === 'measured') return { form: 'mean', variables: [] };
  const outputs = variables.filter(({ quantity }) => quantity === 'amount').map(({ key }) => key);
  return outputs.length === 1
    ? { form: 'ratio', variables: outputs }
    : finding('ratioNeedsOneOutput', 'A ratio has exactly one output', { n: outputs.length });
}
