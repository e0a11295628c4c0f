import type { StoredMonth } from '@wattproof/database';
import { type EnpiView, listEnpis, type Scope } from '@wattproof/database/queries';
import type { PoolClient } from 'pg';

export interface Uncertain {
  readonly value: number;
  readonly halfWidth: number | null;
  readonly confidence: number | null;
}

/** Months of the site's EnPI on its electricity total, with the confidence of their half-widths. */
export interface AgainstBaseline {
  readonly months: readonly StoredMonth[];
  readonly confidence: number | null;
}

export async function readAgainstBaseline(
  client: PoolClient,
  scope: Scope,
  { siteId, meterId }: { readonly siteId: string; readonly meterId: number | undefined },
): Promise<AgainstBaseline | null> {
  const enpis = (await listEnpis(client, scope)).filter((e) => e.siteId === siteId);
  const enpi: EnpiView | undefined = enpis.find((e) => e.meterId === meterId) ?? enpis[0];
  return enpi?.months ? { months: enpi.months, confidence: enpi.savings?.share.confidence ?? null } : null;
}

/**
 * (actual − expected) ÷ expected over whole months since `from` (`YYYY-MM-DD`) of the reporting period, with the half-width
 *
 *     √(Σ halfWidth²) ÷ Σ expected
 *
 * of months taken as independent. Null where no month is known.
 */
export function againstSince({ months, confidence }: AgainstBaseline, from: string): Uncertain | null {
  const known = months.filter(
    (m) => m.month >= from.slice(0, 7) && m.actual_wh !== null && m.expected_wh !== null,
  );
  const expected = known.reduce((sum, m) => sum + (m.expected_wh ?? 0), 0);
  if (!(expected > 0)) return null;
  const actual = known.reduce((sum, m) => sum + (m.actual_wh ?? 0), 0);
  const isBounded = known.every((m) => m.halfWidth_wh !== null);
  const square = known.reduce((sum, m) => sum + (m.halfWidth_wh ?? 0) ** 2, 0);
  return {
    value: (actual - expected) / expected,
    halfWidth: isBounded ? Math.sqrt(square) / expected : null,
    confidence: isBounded ? confidence : null,
  };
}
