import {
  type ExpectedLoadTarget,
  everyOrganisation,
  expectedLoadTargets,
  readIntervals,
  storeExpectedLoad,
  withScope,
} from '@wattproof/database';
import {
  fitExpectedLoad,
  inQuarterHours,
  type LoadHistory,
  type MeasurandName,
  measurandOf,
} from '@wattproof/energy';
import type { ClientBase, Pool } from 'pg';

/** Twelve weeks: long enough to know a week, short enough to follow the season. */
const history_ms = 84 * 86_400_000;

export interface ExpectedLoadOutcome {
  readonly fitted: number;
  /** Meters with too little history. */
  readonly refused: number;
}

/** Fits the expected load of one meter, or of all, to the past twelve weeks. */
export async function fitExpectedLoads(
  pool: Pool,
  options: { readonly meterId?: number; readonly now_ms: number },
): Promise<ExpectedLoadOutcome> {
  const targets = await withScope(pool, everyOrganisation, (client) =>
    expectedLoadTargets(client, options.meterId),
  );
  let fitted = 0;
  for (const target of targets) {
    const isFitted = await withScope(pool, everyOrganisation, async (client) => {
      const result = fitExpectedLoad(
        target.timeZone,
        inQuarterHours(await loadHistory(client, target, options.now_ms), target.base_s * 1000),
      );
      if (!result.ok) return false;
      await storeExpectedLoad(client, target, { model: result.model, computedAt: new Date(options.now_ms) });
      return true;
    });
    if (isFitted) fitted++;
  }
  return { fitted, refused: targets.length - fitted };
}

async function loadHistory(
  client: ClientBase,
  target: ExpectedLoadTarget,
  now_ms: number,
): Promise<LoadHistory> {
  const range = { from_ms: now_ms - history_ms, to_ms: now_ms };
  const energy = await readIntervals(client, {
    ...range,
    meterId: target.meterId,
    measurandId: measurandOf(target.measurand as MeasurandName).id,
  });
  const history = { start_ms: energy.start_ms, energy_wh: energy.delta };
  if (target.weatherMeterId === null) return history;
  const weather = await readIntervals(client, {
    ...range,
    meterId: target.weatherMeterId,
    measurandId: measurandOf('outdoor_temperature_c').id,
  });
  const temperature = new Map<number, number>();
  weather.start_ms.forEach((at_ms, i) => {
    temperature.set(at_ms, weather.mean[i] as number);
  });
  return {
    ...history,
    temperature_c: Float64Array.from(energy.start_ms, (at_ms) => temperature.get(at_ms) ?? Number.NaN),
  };
}
