import { createLogger, loadEnv, onShutdown } from '@wattproof/runtime';
import { readStartFile } from './configuration.ts';
import { environment } from './environment.ts';
import { startGateway } from './gateway.ts';

const env = loadEnv(environment);
const logger = createLogger('edge', env.WATTPROOF_LOG_LEVEL);
const gateway = startGateway(readStartFile(env.WATTPROOF_EDGE_CONFIG), logger);
onShutdown(gateway.stop, { logger, limit_s: 5 });
