import type { BatchSchema, GatewayConfiguration } from '@wattproof/contracts/mqtt';
import { columnsOf, findProfile } from '@wattproof/devices';
import { measurandOf } from '@wattproof/energy';

/** The wire schema of a configuration: its meters in order, each with the measurands that its profile delivers. */
export const schemaOfConfiguration = (configuration: GatewayConfiguration): BatchSchema => ({
  meters: configuration.lines.flatMap((line) =>
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
});
