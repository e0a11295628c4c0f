import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root of this checkout. */
export const checkout = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const stateFolder = resolve(process.env.WATTPROOF_STATE ?? join(checkout, '.wattproof'));
export const node24 = join(checkout, 'node_modules/.bin/node');
