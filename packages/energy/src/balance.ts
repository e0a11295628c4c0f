/**
 * Balance of a meter with those below it: what is left over, against what the accuracy of the chains allows.
 *   unexplained = main − Σ sub
 *   tolerance = k·√(u_main²E_main² + Σ u_i²E_i²), or with the subs' parts added up where they share a bias
 * with relative standard uncertainties u (class limits taken as rectangular, limit/√3, and combined as root sum of squares:
 * GUM, JCGM 100:2008, 4.3.7 and 5.1.2) and k = 2, about 95 %. Energies in Wh, u in percent.
 */
import type { Finding } from './finding.ts';
import { finding } from './finding.ts';

export interface BalancedMeter {
  readonly meterId: number;
  /** NaN or null where the period is missing. */
  readonly energy_wh: number | null;
  /** Relative standard uncertainty (see `chainStandardUncertainty_percent`). */
  readonly standardUncertainty_percent: number;
}

export interface BalanceSettings {
  /** Coverage factor of the tolerance. Default 2. */
  readonly coverageFactor?: number;
  /** `common`: the sub-meters are of one make and may all err to one side; their parts are added, not squared. */
  readonly subErrors?: 'independent' | 'common';
  /** Unexplained share of the main above which more than accuracy is at work. Default 0.1. */
  readonly warnShare?: number;
}

export interface Balance {
  readonly main_wh: number | null;
  readonly sub_wh: number | null;
  readonly unexplained_wh: number | null;
  /** Of the main; null where the main is zero or unknown. */
  readonly unexplainedShare: number | null;
  readonly tolerance_wh: number | null;
  /**
   * `balanced`: within the tolerance; `unmetered`: more flows in than the subs see; `excess`: the subs see more than
   * the main, so a meter, a ratio or a wiring is wrong; `unknown`: a meter is missing.
   */
  readonly state: 'balanced' | 'unmetered' | 'excess' | 'unknown';
  readonly findings: readonly Finding[];
}

/** Balances one meter with its direct children over one period. */
export function balance(
  main: BalancedMeter,
  subs: readonly BalancedMeter[],
  settings: BalanceSettings = {},
): Balance {
  const missing = [main, ...subs].filter(({ energy_wh }) => energy_wh === null || Number.isNaN(energy_wh));
  if (missing.length > 0)
    return {
      main_wh: main.energy_wh,
      sub_wh: null,
      unexplained_wh: null,
      unexplainedShare: null,
      tolerance_wh: null,
      state: 'unknown',
      findings: [
        finding('meterMissing', 'A meter of the balance has no value for the period', {
          meterIds: missing.map(({ meterId }) => meterId),
        }),
      ],
    };
  const partOf = (meter: BalancedMeter): number =>
    ((meter.energy_wh ?? 0) * meter.standardUncertainty_percent) / 100;
  const parts = subs.map(partOf);
  const subPart =
    settings.subErrors === 'common'
      ? parts.reduce((a, b) => a + Math.abs(b), 0)
      : Math.sqrt(parts.reduce((a, b) => a + b * b, 0));
  const tolerance_wh = (settings.coverageFactor ?? 2) * Math.hypot(partOf(main), subPart);
  const main_wh = main.energy_wh ?? 0;
  const sub_wh = subs.reduce((sum, { energy_wh }) => sum + (energy_wh ?? 0), 0);
  const unexplained_wh = main_wh - sub_wh;
  const unexplainedShare = main_wh > 0 ? unexplained_wh / main_wh : null;
  const state =
    Math.abs(unexplained_wh) <= tolerance_wh ? 'balanced' : unexplained_wh > 0 ? 'unmetered' : 'excess';
  const findings: Finding[] = [];
  if (state === 'excess')
    findings.push(
      finding('subsAboveMain', 'Sub-meters see more than the meter above them', {
        unexplained_wh,
        tolerance_wh,
      }),
    );
  else if (state === 'unmetered' && (unexplainedShare ?? 0) > (settings.warnShare ?? 0.1))
    findings.push(
      finding('largeUnmeteredShare', 'A large part is not seen by any sub-meter', {
        unexplained_wh,
        unexplainedShare,
      }),
    );
  return { main_wh, sub_wh, unexplained_wh, unexplainedShare, tolerance_wh, state, findings };
}
