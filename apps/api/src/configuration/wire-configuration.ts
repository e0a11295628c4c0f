import type { GatewayConfiguration } from '@wattproof/contracts/mqtt';
import type { PlannedLineRow, PlannedMeterRow } from '@wattproof/database/queries';
import {
  type ConfigurationPlan,
  counterModulus,
  type DeviceProfile,
  type LinePlan,
  profileFinder,
  sourcePower_w,
} from '@wattproof/devices';
import type { MeasurandName } from '@wattproof/energy';
import { AppError } from '@wattproof/runtime';

type WireLine = GatewayConfiguration['lines'][number];

/** What is sent to a gateway for a plan; the organisation's own profiles travel with it. The version is added when it is sent. */
export function wireConfigurationOf(
  plan: ConfigurationPlan,
  own: readonly DeviceProfile[],
): Omit<GatewayConfiguration, 'version'> {
  const used = new Set(plan.lines.flatMap((line) => line.meters.map((m) => m.profileId)));
  const profiles = own.filter((profile) => used.has(profile.id));
  return {
    pollPeriod_s: plan.pollPeriod_s,
    ...(plan.fastPeriod_s ? { fastPeriod_s: plan.fastPeriod_s } : {}),
    ...(plan.slowPeriod_s ? { slowPeriod_s: plan.slowPeriod_s } : {}),
    // Stored profiles have been checked by the same functions that the gateway uses; their types differ in readonly only.
    ...(profiles.length > 0 ? { profiles: profiles as unknown as GatewayConfiguration['profiles'] } : {}),
    lines: plan.lines.map((line) => ({
      key: line.key,
      transport: transportOf(line),
      timeout_ms: line.timeout_ms,
      meters: line.meters.map((meter) => ({
        key: meter.key,
        unit: meter.unit,
        profileId: meter.profileId,
        settings: { ...meter.settings },
        ...(meter.period_s === null ? {} : { pollPeriod_s: meter.period_s }),
      })),
    })),
  };
}

/** @throws AppError invalid where a serial line has no characters: the check of the plan says so first. */
export function transportOf({ key, place, wire }: LinePlan): WireLine['transport'] {
  if (place.kind !== 'serial') return { kind: place.kind, host: place.host, port: place.port };
  if (!wire) throw new AppError('invalid', `line ${key} is serial and has no baud rate`);
  const { mode, baud, parity, stopBits } = wire;
  return { kind: mode, path: place.path, baud, parity, stopBits, dataBits: mode === 'ascii' ? 7 : 8 };
}

export const lineRows = ({ lines }: ConfigurationPlan): PlannedLineRow[] =>
  lines.map((line) => {
    const { kind, ...settings } = transportOf(line);
    return { key: line.key, name: line.name, transport: kind, settings };
  });

export function meterRows(
  { lines, pollPeriod_s, slowPeriod_s }: ConfigurationPlan,
  own: readonly DeviceProfile[],
): PlannedMeterRow[] {
  const findProfile = profileFinder(own);
  return lines.flatMap((line) =>
    line.meters.map((meter): PlannedMeterRow => {
      const profile = findProfile(meter.profileId);
      const modulus =
        profile && meter.measurand !== null
          ? counterModulus(profile, meter.measurand as MeasurandName, meter.settings)
          : undefined;
      const power_w_max = sourcePower_w(meter.settings);
      return {
        key: meter.key,
        lineKey: line.key,
        name: meter.name,
        carrier: meter.carrier,
        energyUse: meter.energyUse,
        measurand: meter.measurand,
        profileId: meter.profileId,
        unitAddress: meter.unit,
        settings: { ...meter.settings },
        // Of its counters, which its consumption is derived from.
        readingPeriod_s: meter.period_s ?? slowPeriod_s ?? pollPeriod_s,
        counterModulus: modulus === undefined ? null : BigInt(Math.round(modulus)),
        rateMax_per_s:
          power_w_max === undefined ? (meter.settings.rate_per_s_max ?? null) : power_w_max / 3600,
        zoneId: meter.zoneId,
        circuitId: meter.circuitId,
      };
    }),
  );
}
