import { Injectable } from '@nestjs/common';
import { type Me, permissions } from '@wattproof/contracts/api';
import { countOpenAlarms, findOrganisation, listSites } from '@wattproof/database/queries';
import { type Locale, locales, type Role } from '@wattproof/energy';
import { AppError } from '@wattproof/runtime';
import type { Caller } from '../access/caller.ts';
import { Resources } from '../resources.ts';

@Injectable()
export class MeService {
  constructor(private readonly resources: Resources) {}

  describe(caller: Caller): Promise<Me> {
    const { membership, scope } = caller;
    if (!membership)
      throw new AppError('forbidden', 'An API key is nobody: this is about a signed-in person');
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      const organisation = await findOrganisation(client, scope);
      const sites = await listSites(client, scope);
      return {
        userId: caller.id,
        email: membership.email,
        displayName: caller.name,
        locale: locales.includes(membership.locale as Locale) ? (membership.locale as Locale) : 'en',
        role: membership.role as Role,
        permissions: permissions.filter((permission) => caller.permissions.has(permission)),
        organisation,
        organisations: caller.memberships.map((m) => ({
          id: m.organisationId,
          name: m.organisationName,
          role: m.role as Role,
        })),
        sites: sites.map(({ id, name, legalEntityId, legalEntityName, timeZone, country }) => ({
          id,
          name,
          legalEntityId,
          legalEntityName,
          timeZone,
          country,
        })),
        openAlarms: await countOpenAlarms(client, scope),
      };
    });
  }
}
