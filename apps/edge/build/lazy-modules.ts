import type { Plugin } from 'rolldown';

const prefix = '\0lazy:';

/** A stand-in that loads the module when something of it is first called or made. */
const standIn = (name: string): string => `
const lazy = (load) => new Proxy(function () {}, {
  get: (_, key) => (key === '__esModule' ? undefined : lazy(() => load()[key])),
  apply: (_, self, args) => Reflect.apply(load(), undefined, args),
  construct: (_, args) => Reflect.construct(load(), args),
});
module.exports = lazy(() => require(${JSON.stringify(name)}));
`;

/**
 * Modules that most gateways never need are left outside the bundle and loaded on first use: a gateway that talks plain
 * MQTT to devices on the network holds neither a WebSocket nor a serial port.
 */
export const lazyModules = (names: readonly string[]): Plugin => ({
  name: 'lazy-modules',
  resolveId: (id, importer) => {
    if (!names.includes(id)) return undefined;
    return importer?.startsWith(prefix) ? { id, external: true } : `${prefix}${id}`;
  },
  load: (id) =>
    id.startsWith(prefix) ? { code: standIn(id.slice(prefix.length)), moduleType: 'js' } : undefined,
});
