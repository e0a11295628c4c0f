import type { GatewayConfiguration } from '@wattproof/contracts/mqtt';
import { type LinePlaces, type PlantLine, type PlantSite, serialPaths } from '@wattproof/simulator';

/** The version that every gateway of the demo reads by; `configuration-history.ts` has those before it. */
export const versionInForce = 3;
/** How often a gateway of the demo asks every meter. */
export const pollPeriod_s = 10;

type Transport = GatewayConfiguration['lines'][number]['transport'];

/** How the gateway reaches a line. */
export function lineTransport(site: PlantSite, line: PlantLine, places: LinePlaces): Transport {
  if (line.transport === 'tcp')
    return { kind: 'tcp', host: '127.0.0.1', port: places.modbusPort + line.portOffset };
  const isAscii = line.transport === 'ascii';
  return {
    kind: line.transport,
    path: serialPaths(site, line.key, places).gateway,
    baud: line.baud,
    parity: isAscii ? 'even' : 'none',
    dataBits: isAscii ? 7 : 8,
    stopBits: 1,
  };
}

/** What the site's gateway reads and how. */
export function gatewayConfigurationOf(site: PlantSite, places: LinePlaces): GatewayConfiguration {
  return {
    version: versionInForce,
    pollPeriod_s,
    lines: site.lines.map((line) => ({
      key: line.key,
      transport: lineTransport(site, line, places),
      timeout_ms: 300,
      meters: site.meters
        .filter((m) => m.device.lineKey === line.key)
        .map((m) => ({
          key: m.key,
          unit: m.device.unit,
          profileId: m.device.profileId,
          settings: { ...m.device.settings },
        })),
    })),
  };
}
