import { Body, Controller, Param, Query } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import {
  createWeatherStation,
  localDate,
  type SiteDegreeDays,
  siteDegreeDays,
  uuid,
  type WeatherImport,
  type WeatherStation,
  weatherFormat,
  weatherImport,
  weatherStation,
  weatherStations,
} from '@wattproof/contracts/api';
import { z } from 'zod';
import { CalledBy, type Caller } from '../access/caller.ts';
import { Endpoint } from '../http/endpoint.ts';
import { fileQuery } from '../variable/variable.controller.ts';
import { WeatherService } from './weather.service.ts';

const importQuery = fileQuery.extend({ format: weatherFormat.default('csv') });
const degreeDayQuery = z.object({
  from: localDate,
  to: localDate,
  convention: z.string().max(40).default('eurostatHeating'),
  variableId: uuid.optional(),
});

@ApiTags('Performance')
@Controller()
export class WeatherController {
  constructor(private readonly service: WeatherService) {}

  @Endpoint('GET /weather-stations', {
    access: 'performance:read',
    summary: 'Weather stations with what is known of them and how far away sites are',
    answer: weatherStations,
  })
  async list(@CalledBy() caller: Caller): Promise<{ stations: WeatherStation[] }> {
    return { stations: await this.service.list(caller.scope) };
  }

  @Endpoint('POST /weather-stations', {
    access: 'performance:write',
    summary: 'Registers a weather station',
    answer: weatherStation,
    status: 201,
  })
  create(
    @CalledBy() caller: Caller,
    @Body({ schema: createWeatherStation }) body: z.output<typeof createWeatherStation>,
  ): Promise<WeatherStation> {
    return this.service.create(caller, body);
  }

  @Endpoint('POST /weather-stations/:stationId/imports', {
    access: 'performance:write',
    summary: 'Checks a file of hourly temperatures, or takes it: as a whole or not at all',
    answer: weatherImport,
  })
  @ApiConsumes('text/csv')
  @ApiBody({
    schema: { type: 'string' },
    description: 'A table, ISD Lite of NOAA, or an hourly file of Meteostat',
  })
  import(
    @CalledBy() caller: Caller,
    @Param('stationId', { schema: uuid }) stationId: string,
    @Query({ schema: importQuery }) query: z.infer<typeof importQuery>,
    @Body() content: unknown,
  ): Promise<WeatherImport> {
    return this.service.import(caller, stationId, { ...query, dryRun: query.dryRun === 'true', content });
  }

  @Endpoint('GET /sites/:siteId/degree-days', {
    access: 'performance:read',
    summary: 'Degree days of a site by a named convention, with the source of its temperature',
    answer: siteDegreeDays,
  })
  degreeDays(
    @CalledBy() caller: Caller,
    @Param('siteId', { schema: uuid }) siteId: string,
    @Query({ schema: degreeDayQuery }) query: z.infer<typeof degreeDayQuery>,
  ): Promise<SiteDegreeDays> {
    return this.service.degreeDays(caller.scope, siteId, query);
  }
}
