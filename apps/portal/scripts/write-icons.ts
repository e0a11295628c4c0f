/** Writes the few icons the portal uses from lucide-static, so that no icon library reaches the browser. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const names = {
  portfolio: 'layout-list',
  site: 'factory',
  performance: 'chart-no-axes-combined',
  money: 'receipt-text',
  audit: 'stamp',
  alarms: 'bell',
  field: 'cable',
  settings: 'sliders-horizontal',
  more: 'menu',
  search: 'search',
  link: 'link',
  calendar: 'calendar',
  previous: 'chevron-left',
  next: 'chevron-right',
  expand: 'chevrons-up-down',
  open: 'chevron-down',
  critical: 'circle-alert',
  warning: 'triangle-alert',
  silent: 'unplug',
  clock: 'clock-alert',
  check: 'check',
  close: 'x',
  busy: 'loader',
  download: 'download',
  zone: 'map',
  panel: 'panels-top-left',
  circuit: 'zap',
  meter: 'gauge',
  user: 'circle-user-round',
  offline: 'wifi-off',
} as const;

const require = createRequire(import.meta.url);
const entries = Object.entries(names).map(([name, file]) => {
  const svg = readFileSync(require.resolve(`lucide-static/icons/${file}.svg`), 'utf8');
  const body = svg
    .slice(svg.indexOf('>', svg.indexOf('<svg')) + 1, svg.indexOf('</svg>'))
    .replace(/\s+/g, ' ')
    .trim();
  return `  ${name}: '${body}',`;
});
writeFileSync(
  new URL('../src/icon/icon-shapes.ts', import.meta.url),
  `/** Written by scripts/write-icons.ts from lucide-static (ISC licence). */\nexport const iconShapes = {\n${entries.join('\n')}\n} as const;\nexport type IconName = keyof typeof iconShapes;\n`,
);
