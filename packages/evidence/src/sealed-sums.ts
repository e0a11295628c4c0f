import type { SumEntry } from './bundle-form.ts';
import { type MeterDay, seriesKey } from './meter-day.ts';

export interface SealedSum {
  /** null where no day is known. */
  readonly delta: number | null;
  readonly days: number;
}

interface Total {
  readonly of: SumEntry;
  delta: number;
  days: number;
  /** Newest version of the days that were restated, by date. */
  readonly restated: Map<string, Pick<MeterDay, 'version' | 'delta'>>;
}

/** Adds up sealed days as they are read: three quarters of a million days need not be kept for their sums. */
export class SealedSums {
  private readonly all: readonly Total[];
  private readonly bySeries: ReadonlyMap<string, readonly Total[]>;

  constructor(wanted: readonly SumEntry[]) {
    this.all = wanted.map((of) => ({ of, delta: 0, days: 0, restated: new Map() }));
    this.bySeries = Map.groupBy(this.all, ({ of }) => seriesKey(of.meterId, of.measurand));
  }

  /** @param isRestated whether the day has more versions than one: the highest is in force. */
  add(series: string, { date, version, delta }: MeterDay, isRestated: boolean): void {
    for (const total of this.bySeries.get(series) ?? []) {
      if (date < total.of.from || date >= total.of.to) continue;
      if (isRestated) {
        if (version > (total.restated.get(date)?.version ?? 0)) total.restated.set(date, { version, delta });
      } else addTo(total, delta);
    }
  }

  /** In the order of the wanted sums, when every day was added. */
  totals(): readonly SealedSum[] {
    return this.all.map((total) => {
      for (const { delta } of total.restated.values()) addTo(total, delta);
      total.restated.clear();
      return { delta: total.days === 0 ? null : total.delta, days: total.days };
    });
  }
}

function addTo(total: Total, delta: number | null): void {
  if (delta === null) return;
  total.delta += delta;
  total.days++;
}
