import { type INestApplicationContext, SetMetadata } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import type { Permission } from '@wattproof/contracts/api';

/** What a route asks of its caller. `signedIn`: any person or key; `public`: nobody needs to be known. */
export type Access = Permission | 'signedIn' | 'public';
export const accessKey = 'wattproof:access';

export const Allow = (access: Access) => SetMetadata(accessKey, access);

/** One handler of one controller. */
export interface RouteHandler {
  readonly name: string;
  readonly handler: object;
}

export function routeHandlers(app: INestApplicationContext): readonly RouteHandler[] {
  const scanner = new MetadataScanner();
  return app
    .get(DiscoveryService)
    .getControllers()
    .flatMap(({ instance, name }) => {
      const prototype = Object.getPrototypeOf(instance) as Record<string, object>;
      return scanner
        .getAllMethodNames(prototype)
        .filter((method) => Reflect.hasMetadata('path', prototype[method] ?? {}))
        .map((method) => ({ name: `${name}.${method}`, handler: prototype[method] as object }));
    });
}

/** @throws Error naming every route that declares no access: such an application does not start. */
export function requireDeclaredAccess(app: INestApplicationContext): void {
  const undeclared = routeHandlers(app).filter(({ handler }) => !Reflect.hasMetadata(accessKey, handler));
  if (undeclared.length > 0)
    throw new Error(`These routes declare no access: ${undeclared.map((route) => route.name).join(', ')}`);
}
