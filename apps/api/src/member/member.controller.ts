import { Controller } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Members, members } from '@wattproof/contracts/api';
import { listMembers } from '@wattproof/database/queries';
import type { Role } from '@wattproof/energy';
import { CalledBy, type Caller } from '../access/caller.ts';
import { Endpoint } from '../http/endpoint.ts';
import { Resources } from '../resources.ts';

@ApiTags('Settings')
@Controller('members')
export class MemberController {
  constructor(private readonly resources: Resources) {}

  @Endpoint('GET /', {
    access: 'settings:read',
    summary: 'People of the organisation and their roles',
    answer: members,
  })
  list(@CalledBy() { scope }: Caller): Promise<Members> {
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => ({
      members: (await listMembers(client, scope)).map((member) => ({
        ...member,
        role: member.role as Role,
        siteIds: member.siteIds && [...member.siteIds],
        createdAt: member.createdAt.toISOString(),
      })),
    }));
  }
}
