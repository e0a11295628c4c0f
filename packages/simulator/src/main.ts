import { resolve } from 'node:path';
import { createLogger, loadEnv, onShutdown } from '@wattproof/runtime';
import { environment } from './environment.ts';
import { startLines } from './modbus/lines.ts';
import { demoPlant } from './plant/demo-plant.ts';
import { plantOptionsOf } from './plant/plant-file.ts';
import { simulatedLines } from './plant/simulated-lines.ts';
import { startTruthServer } from './truth-server.ts';

const env = loadEnv(environment);
const logger = createLogger('simulator', env.WATTPROOF_LOG_LEVEL);

const plant = demoPlant(
  plantOptionsOf({ WATTPROOF_STATE: env.WATTPROOF_STATE, WATTPROOF_DEMO_SEED: env.WATTPROOF_DEMO_SEED }),
);
const lines = simulatedLines(plant, {
  modbusPort: env.WATTPROOF_PORT_MODBUS,
  serialFolder: resolve(env.WATTPROOF_STATE, 'serial'),
});
// The first look at a site computes its past; done before anyone waits for an answer.
for (const line of lines) for (const device of line.devices) device.values(Date.now());

const running = await startLines(lines, {
  ...(env.WATTPROOF_SOCAT ? { socat: env.WATTPROOF_SOCAT } : {}),
  onNotice: ({ line, message }) => logger.warn({ line, reason: message }, 'serial line made again'),
});
const server = await startTruthServer(plant, { port: env.WATTPROOF_PORT, lines: lines.length });
logger.info(
  { lines: lines.length, devices: lines.reduce((sum, line) => sum + line.devices.length, 0) },
  'simulator ready',
);

onShutdown(
  async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await running.stop();
  },
  { logger, limit_s: 8 },
);
