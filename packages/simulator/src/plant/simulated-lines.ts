import { join } from 'node:path';
import type { SimulatedDevice, SimulatedLine } from '../modbus/line.ts';
import { isSilent } from './fault-window.ts';
import type { DemoPlant, PlantSite } from './plant.ts';
import { plantModelOf, type SiteModel } from './plant-model.ts';

export interface LinePlaces {
  /** First port of the simulated Modbus TCP endpoints. */
  readonly modbusPort: number;
  /** Folder of the pseudo-terminals. */
  readonly serialFolder: string;
}

/** Both ends of a serial line: the devices' and the gateway's. */
export function serialPaths(
  site: PlantSite,
  lineKey: string,
  places: LinePlaces,
): { readonly device: string; readonly gateway: string } {
  const base = join(places.serialFolder, `${site.key}-${lineKey}`);
  return { device: `${base}.device`, gateway: `${base}.gateway` };
}

/** Every Modbus line of the plant with its devices, ready to be served. */
export function simulatedLines(plant: DemoPlant, places: LinePlaces): SimulatedLine[] {
  const model = plantModelOf(plant);
  return model.sites.flatMap((site) => linesOfSite(model.site(site.key), places));
}

function linesOfSite(model: SiteModel, places: LinePlaces): SimulatedLine[] {
  const { site } = model;
  return site.lines.map((line): SimulatedLine => {
    const id = `${site.key}-${line.key}`;
    const devices = model.meters
      .filter((m) => m.meter.device.lineKey === line.key)
      .map(({ meter, valuesAt }): SimulatedDevice => {
        const { unit, profileId, settings } = meter.device;
        const quiet = meter.incidents.flaky || meter.incidents.outages.length > 0;
        return {
          unit,
          profileId,
          settings,
          values: valuesAt,
          ...(quiet ? { faults: [{ kind: 'silent', when: (at_ms) => isSilent(meter, at_ms) }] } : {}),
        };
      });
    if (line.transport === 'tcp')
      return { id, transport: 'tcp', port: places.modbusPort + line.portOffset, devices };
    const { device, gateway } = serialPaths(site, line.key, places);
    return { id, transport: line.transport, devicePath: device, gatewayPath: gateway, devices };
  });
}
