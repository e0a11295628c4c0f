// npm run bench: runs on the machine's own Node (20 or newer) with nothing installed.
import { launch } from './bootstrap/launch.mjs';

// Standard output belongs to the result.
await launch('infra/bench.ts', process.argv.slice(2), { task: 'test', stream: process.stderr });
