import type { SupervisedMeter } from '@wattproof/database';
import { noDataAfter_s } from '@wattproof/energy';

/** What silence is found, at the highest level that failed: a gateway before its lines before its meters. */
export interface Silence {
  /** Gateways none of whose meters reports. */
  readonly gateways: ReadonlySet<string>;
  /** Gateways that report, but with a line of several meters none of which does. */
  readonly gatewaysWithDeadLine: ReadonlySet<string>;
  /** Meters whose silence is explained by their gateway or line: no alarm of their own. */
  readonly explained: ReadonlySet<number>;
}

const isSilent = (meter: SupervisedMeter, now_ms: number): boolean =>
  meter.newest_ms === null || now_ms - meter.newest_ms >= noDataAfter_s(meter.readingPeriod_s) * 1_000;

/** Judges the silence of meters from the age of their newest values. A line of one meter is that meter. */
export function findSilence(meters: readonly SupervisedMeter[], now_ms: number): Silence {
  const gateways = new Set<string>();
  const gatewaysWithDeadLine = new Set<string>();
  const explained = new Set<number>();
  for (const [gatewayId, own] of Map.groupBy(meters, (meter) => meter.gatewayId)) {
    if (own.every((meter) => isSilent(meter, now_ms))) {
      gateways.add(gatewayId);
      for (const meter of own) explained.add(meter.meterId);
      continue;
    }
    for (const [lineId, onLine] of Map.groupBy(own, (meter) => meter.lineId)) {
      if (lineId === null || onLine.length < 2 || !onLine.every((meter) => isSilent(meter, now_ms))) continue;
      gatewaysWithDeadLine.add(gatewayId);
      for (const meter of onLine) explained.add(meter.meterId);
    }
  }
  return { gateways, gatewaysWithDeadLine, explained };
}

/** Newest instant of the meters that decide a gateway's silence: of its deadest line, or of all where none is dead. */
export function gatewayNewest_ms(
  meters: readonly SupervisedMeter[],
  gatewayId: string,
  now_ms: number,
): number | null {
  const own = meters.filter((meter) => meter.gatewayId === gatewayId);
  const newestOf = (some: readonly SupervisedMeter[]): number | null =>
    some.reduce<number | null>(
      (newest, { newest_ms }) =>
        newest_ms === null ? newest : newest === null ? newest_ms : Math.max(newest, newest_ms),
      null,
    );
  const dead = [...Map.groupBy(own, (meter) => meter.lineId)]
    .filter(
      ([lineId, onLine]) => lineId !== null && onLine.length > 1 && onLine.every((m) => isSilent(m, now_ms)),
    )
    .map(([, onLine]) => newestOf(onLine) ?? 0);
  return dead.length > 0 ? Math.min(...dead) : newestOf(own);
}
