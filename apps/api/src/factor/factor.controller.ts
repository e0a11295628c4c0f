import { Body, Controller, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  carrier,
  createEnergyFactor,
  type EnergyFactor,
  endEnergyFactor,
  energyFactor,
  energyFactors,
  ownFactorId,
  steamEnergyAnswer,
  steamEnergyWish,
} from '@wattproof/contracts/api';
import { z } from 'zod';
import { CalledBy, type Caller } from '../access/caller.ts';
import { Endpoint } from '../http/endpoint.ts';
import { FactorService } from './factor.service.ts';

const query = z.object({
  kind: z.enum(['fuel', 'primary', 'carbon']).optional(),
  carrier: carrier.optional(),
});

@ApiTags('Performance')
@Controller()
export class FactorController {
  constructor(private readonly service: FactorService) {}

  @Endpoint('GET /energy-factors', {
    access: 'performance:read',
    summary:
      'Dated factors: calorific values, primary energy, carbon; the organisation’s and those of the product',
    answer: energyFactors,
  })
  async list(
    @CalledBy() caller: Caller,
    @Query({ schema: query }) filter: z.infer<typeof query>,
  ): Promise<{ factors: EnergyFactor[] }> {
    return { factors: await this.service.list(caller.scope, filter) };
  }

  @Endpoint('POST /energy-factors', {
    access: 'performance:write',
    summary: 'Records a factor of the organisation with its source and dates',
    answer: energyFactor,
    status: 201,
  })
  create(
    @CalledBy() caller: Caller,
    @Body({ schema: createEnergyFactor }) body: z.output<typeof createEnergyFactor>,
  ): Promise<EnergyFactor> {
    return this.service.create(caller, body);
  }

  @Endpoint('POST /energy-factors/:factorId/end', {
    access: 'performance:write',
    summary: 'Ends a factor of the organisation; it stays for the time it was in force',
    answer: energyFactor,
  })
  end(
    @CalledBy() caller: Caller,
    @Param('factorId', { schema: ownFactorId }) factorId: string,
    @Body({ schema: endEnergyFactor }) body: z.output<typeof endEnergyFactor>,
  ): Promise<EnergyFactor> {
    return this.service.end(caller, factorId, body);
  }

  @Endpoint('POST /steam-energy', {
    access: 'performance:read',
    summary: 'Energy of a mass of steam by enthalpy (IAPWS-IF97); nothing is stored',
    answer: steamEnergyAnswer,
  })
  steam(
    @Body({ schema: steamEnergyWish }) body: z.output<typeof steamEnergyWish>,
  ): z.infer<typeof steamEnergyAnswer> {
    return this.service.steam(body);
  }
}
