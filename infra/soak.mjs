// npm run soak: runs on the machine's own Node (20 or newer) with nothing installed.
import { launch } from './bootstrap/launch.mjs';

await launch('infra/soak.ts', process.argv.slice(2), { task: 'test' });
