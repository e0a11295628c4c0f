import { dark, light, type Theme } from './tokens.ts';

const kebab = (name: string): string => name.replace(/([a-z])([A-Z0-9])/g, '$1-$2').toLowerCase();

const variablesOf = (theme: Theme): string =>
  [
    `color-scheme: ${theme.name};`,
    ...Object.entries(theme.colors).map(([name, value]) => `--${kebab(name)}: ${value};`),
    ...Object.entries(theme.carriers).map(([name, value]) => `--carrier-${kebab(name)}: ${value};`),
    ...Object.entries(theme.uses).map(([name, value]) => `--use-${kebab(name)}: ${value};`),
    `--shadow: ${theme.shadow};`,
  ]
    .map((line) => `  ${line}`)
    .join('\n');

/** Name of the CSS variable of a carrier or a use. */
export const colorOfCarrier = (carrier: string): string => `var(--carrier-${kebab(carrier)}, var(--ctl))`;
export const colorOfUse = (use: string | null): string => `var(--use-${kebab(use ?? 'unexplained')})`;

/** The tokens as CSS variables: the device's preference decides until a person chooses a theme. */
export const tokensCss =
  (): string => `/* Written from packages/charts/src/tokens.ts by apps/portal/scripts/write-tokens.ts. */
:root {
${variablesOf(light)}
}

@media (prefers-color-scheme: dark) {
:root:not([data-theme="light"]) {
${variablesOf(dark)}
}
}

:root[data-theme="dark"] {
${variablesOf(dark)}
}
`;
