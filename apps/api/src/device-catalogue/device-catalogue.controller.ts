import { Controller } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type DeviceCatalogue, deviceCatalogue } from '@wattproof/contracts/api';
import { products, profiles } from '@wattproof/devices';
import { Endpoint } from '../http/endpoint.ts';
import { productView, profileView } from './catalogue-view.ts';

@ApiTags('Device catalogue')
@Controller()
export class DeviceCatalogueController {
  @Endpoint('GET /device-catalogue', {
    access: 'field:read',
    summary: 'Every catalogue number, and every register map with how far it can be trusted',
    answer: deviceCatalogue,
  })
  catalogue(): DeviceCatalogue {
    return { products: products.map(productView), profiles: profiles.map(profileView) };
  }
}
