import type { BatchSchema, GatewayConfiguration } from '@wattproof/contracts/mqtt';
import { columnsOf, profileFinder } from '@wattproof/devices';
import { measurandOf } from '@wattproof/energy';

/** The wire schema of a configuration: its meters in order, each with the measurands that its profile delivers. */
export function schemaOfConfiguration({ lines, profiles }: GatewayConfiguration): BatchSchema {
  const findProfile = profileFinder(profiles);
  return {
    meters: lines.flatMap((line) =>
      line.meters.map((meter) => {
        const profile = findProfile(meter.profileId);
        const columns = profile ? columnsOf(profile, meter.settings) : [];
        return {
          key: meter.key,
          columns: columns.map(({ measurand, exponent }) => ({
            measurandId: measurandOf(measurand).id,
            exponent,
          })),
        };
      }),
    ),
  };
}
