import 'reflect-metadata';
import { createLogger, loadEnv, onShutdown } from '@wattproof/runtime';
import { createApp } from './app.ts';
import { envSchema } from './env.ts';
import { openResources } from './resources.ts';

const env = loadEnv(envSchema);
const logger = createLogger('api', env.WATTPROOF_LOG_LEVEL);
const resources = openResources(env, logger);
const app = await createApp(resources);

onShutdown(
  async () => {
    // Streams first: the server waits for open answers.
    resources.streams.closeAll();
    await app.close();
    await resources.close();
  },
  { logger },
);

resources.downPath.start();
await app.listen(env.WATTPROOF_PORT, '127.0.0.1');
logger.info({ port: env.WATTPROOF_PORT }, 'listening');
