// npm test: runs on the machine's own Node (20 or newer) with nothing installed.
import { launch } from './bootstrap/launch.mjs';

await launch('infra/test.ts', process.argv.slice(2), { task: 'test' });
