import { createLogger, loadEnv, onShutdown } from '@wattproof/runtime';
import { environment } from './environment.ts';
import { startWorkers } from './workers.ts';

const env = loadEnv(environment);
const logger = createLogger('workers', env.WATTPROOF_LOG_LEVEL);
const workers = await startWorkers(env, logger);
onShutdown(workers.stop, { logger });
