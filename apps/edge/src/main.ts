import './compiler-flags.ts';
import { AppError, createLogger, type Logger, loadEnv, onShutdown } from '@wattproof/runtime';
import { readStartFile, type StartFile } from './configuration.ts';
import { environment } from './environment.ts';
import { startGateway } from './gateway.ts';

const env = loadEnv(environment);
const logger = createLogger('edge', env.WATTPROOF_LOG_LEVEL);
const gateway = startGateway(startFileOrEnd(env.WATTPROOF_EDGE_CONFIG, logger), logger);
onShutdown(gateway.stop, { logger, limit_s: 5 });

/** A wrong start file is told in a sentence, not by where in the program it was noticed. */
function startFileOrEnd(path: string, log: Logger): StartFile {
  try {
    return readStartFile(path);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    log.fatal({ reason: error.message }, 'the gateway cannot start');
    process.exit(1);
  }
}
