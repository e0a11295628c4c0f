import { type DynamicModule, Module } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { AccessGuard } from './access/access.guard.ts';
import { features } from './features.ts';
import { Resources } from './resources.ts';

@Module({})
export class ApiModule {
  static over(resources: Resources): DynamicModule {
    return {
      module: ApiModule,
      imports: [DiscoveryModule],
      controllers: [...features.controllers],
      providers: [
        { provide: Resources, useValue: resources },
        { provide: APP_GUARD, useClass: AccessGuard },
        ...features.services,
      ],
    };
  }
}
