import { Controller, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  localDate,
  type Site,
  type SiteLoad,
  type SiteOverview,
  type SiteStructure,
  type SiteUses,
  siteLoad,
  siteOverview,
  siteStructure,
  sites,
  siteUses,
  uuid,
} from '@wattproof/contracts/api';
import { z } from 'zod';
import { CalledBy, type Caller } from '../access/caller.ts';
import { Endpoint } from '../http/endpoint.ts';
import { LoadService } from './load.service.ts';
import { OverviewService } from './overview.service.ts';
import { SiteService } from './site.service.ts';
import { UsesService } from './uses.service.ts';

const loadQuery = z.object({ date: localDate.optional() });
const usesQuery = z.object({ from: localDate, to: localDate });

@ApiTags('Sites')
@Controller('sites')
export class SiteController {
  constructor(
    private readonly service: SiteService,
    private readonly overviews: OverviewService,
    private readonly loads: LoadService,
    private readonly siteUses: UsesService,
  ) {}

  @Endpoint('GET /', { access: 'site:read', summary: 'Sites that the caller may see', answer: sites })
  async list(@CalledBy() caller: Caller): Promise<{ sites: Site[] }> {
    return { sites: await this.service.list(caller.scope) };
  }

  @Endpoint('GET /:siteId/structure', {
    access: 'site:read',
    summary: 'Zones, panels, circuits and meters of a site with their newest values',
    answer: siteStructure,
  })
  structure(
    @CalledBy() caller: Caller,
    @Param('siteId', { schema: uuid }) siteId: string,
  ): Promise<SiteStructure> {
    return this.service.structure(caller.scope, siteId);
  }

  @Endpoint('GET /:siteId/overview', {
    access: 'site:read',
    summary: 'What is happening now, and is it normal',
    answer: siteOverview,
  })
  overview(
    @CalledBy() caller: Caller,
    @Param('siteId', { schema: uuid }) siteId: string,
  ): Promise<SiteOverview> {
    return this.overviews.read(caller.scope, siteId);
  }

  @Endpoint('GET /:siteId/load', {
    access: 'site:read',
    summary: "A local day's load curve with its expected band and the quality of each line",
    answer: siteLoad,
  })
  load(
    @CalledBy() caller: Caller,
    @Param('siteId', { schema: uuid }) siteId: string,
    @Query({ schema: loadQuery }) query: z.infer<typeof loadQuery>,
  ): Promise<SiteLoad> {
    return this.loads.read(caller.scope, siteId, query.date);
  }

  @Endpoint('GET /:siteId/uses', {
    access: 'site:read',
    summary: 'Consumption and cost by use and carrier between two local dates (half-open)',
    answer: siteUses,
  })
  uses(
    @CalledBy() caller: Caller,
    @Param('siteId', { schema: uuid }) siteId: string,
    @Query({ schema: usesQuery }) query: z.infer<typeof usesQuery>,
  ): Promise<SiteUses> {
    return this.siteUses.read(caller.scope, siteId, query);
  }
}
