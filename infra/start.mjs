// npm start: runs on the machine's own Node (20 or newer) with nothing installed.
import { launch } from './bootstrap/launch.mjs';

await launch('infra/start.ts', process.argv.slice(2), { task: 'start' });
