interface Runtime {
  readonly process?: { readonly getBuiltinModule?: (id: string) => unknown };
}

/** A module of Node's own; undefined in a browser. The bundle of the portal has no Node to import from. */
export const builtinModule = <Module>(id: string): Module | undefined =>
  (globalThis as Runtime).process?.getBuiltinModule?.(id) as Module | undefined;
