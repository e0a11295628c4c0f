import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { GatewayConfiguration, WireReading } from '@wattproof/contracts/mqtt';
import { findProfile } from '@wattproof/devices';
import { measurandOf } from '@wattproof/energy';
import {
  defaultPlantOptions,
  demoPlant,
  plantModelOf,
  serialPaths,
  shownValue,
  simulatedLines,
  startLines,
} from '@wattproof/simulator';
import { socatCommand, waitFor } from '@wattproof/testkit';
import { afterEach, expect, it } from 'vitest';
import { runLine } from '../src/line/line.ts';
import { meter, serialLine, tcpLine, temporaryFolder, testLogger } from './fixture.ts';

const running: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const stop of running.splice(0).reverse()) await stop();
});

/**
 * Meters and gateway are one process here, with socat between them: on a crowded machine an answer takes far longer than a
 * device would. Devices taken for silent are asked ever more rarely, and then no limit of this test is long enough.
 */
const timeout_ms = 5_000;
const limit_s = 150;

// Zaragoza has everything: TCP, RTU and ASCII lines, every profile, own generation and export.
it(
  'what the gateway reads of a whole site is what its meters measured at that instant',
  async () => {
    const folder = temporaryFolder();
    running.push(folder.remove);
    mkdirSync(join(folder.path, 'serial'));
    const places = { modbusPort: 0, serialFolder: join(folder.path, 'serial') };
    const plant = demoPlant(defaultPlantOptions);
    const model = plantModelOf(plant).site('zaragoza');
    const { site } = model;
    for (const { valuesAt } of model.meters) valuesAt(Date.now());

    const lines = simulatedLines(plant, places)
      .filter((line) => line.id.startsWith('zaragoza-'))
      // Any free port; the plant's own serve the demo.
      .map((line) => (line.transport === 'tcp' ? { ...line, port: 0 } : line));
    const simulation = await startLines(lines, { socat: JSON.parse(socatCommand(folder.path)) as string[] });
    running.push(simulation.stop);

    const readings: WireReading[] = [];
    for (const line of site.lines) {
      const meters = model.meters
        .filter((m) => m.meter.device.lineKey === line.key)
        .map(({ meter: m }) => meter(m.key, m.device.unit, m.device.profileId, { ...m.device.settings }));
      const port = simulation.lines.find((l) => l.id === `zaragoza-${line.key}`)?.port ?? 0;
      const configured: GatewayConfiguration['lines'][number] =
        line.transport === 'tcp'
          ? tcpLine(line.key, port, meters, timeout_ms)
          : serialLine(
              line.key,
              line.transport,
              serialPaths(site, line.key, places).gateway,
              meters,
              timeout_ms,
            );
      const started = runLine({
        line: configured,
        periods: { pollPeriod_s: 2 },
        onReadings: (some) => readings.push(...some),
        logger: testLogger,
      });
      running.push(started.stop);
    }
    expect(new Set(site.lines.map((l) => l.transport))).toEqual(new Set(['tcp', 'rtu', 'ascii']));
    const steady = model.meters.filter(
      ({ meter: m }) => !m.incidents.flaky && m.incidents.outages.length === 0,
    );
    expect(steady.length).toBeGreaterThan(20);
    await waitFor(() => steady.every(({ meter: m }) => readings.some((r) => r.meterKey === m.key)), {
      timeout_s: limit_s,
    });

    let compared = 0;
    for (const reading of readings) {
      const { meter: m, valuesAt } = model.meter(reading.meterKey);
      const before = valuesAt(reading.at_ms - 500);
      const after = valuesAt(reading.at_ms + reading.skew_ms + 500);
      for (const [name, value] of Object.entries(reading.values)) {
        const measurand = name as keyof typeof before;
        const [low, high] = [before[measurand], after[measurand]];
        if (low === undefined || high === undefined) continue;
        compared++;
        if (measurandOf(measurand).kind === 'counter') {
          const shown = shownValue(m, measurand);
          expect(value, `${reading.meterKey} ${name}`).toBeGreaterThanOrEqual(shown(low));
          expect(value, `${reading.meterKey} ${name}`).toBeLessThanOrEqual(shown(high));
        } else {
          // Between the values half a second before and after, and one count of the device.
          const count = findProfile(m.device.profileId)?.id === 'socomec-jbus' ? 10 : 0.1;
          const slack = 1.01 * count + 0.02 * Math.abs(low);
          expect(value, `${reading.meterKey} ${name}`).toBeGreaterThanOrEqual(Math.min(low, high) - slack);
          expect(value, `${reading.meterKey} ${name}`).toBeLessThanOrEqual(Math.max(low, high) + slack);
        }
      }
    }
    expect(compared).toBeGreaterThan(400);
  },
  1_000 * (limit_s + 30),
);
