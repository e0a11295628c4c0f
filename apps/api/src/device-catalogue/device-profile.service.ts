import { Injectable } from '@nestjs/common';
import type { DeviceCatalogue, UploadedProfile, uploadProfileQuery } from '@wattproof/contracts/api';
import {
  countMetersOfProfile,
  createDeviceProfile,
  type DeviceProfileRow,
  deviceProfileLimit,
  listDeviceProfiles,
  recordEvent,
  removeDeviceProfile,
  type Scope,
} from '@wattproof/database/queries';
import { checkProfile, type DeviceProfile, products, profiles, readRegisterTable } from '@wattproof/devices';
import { AppError } from '@wattproof/runtime';
import type { z } from 'zod';
import type { Caller } from '../access/caller.ts';
import { Resources } from '../resources.ts';
import { productView, profileView } from './catalogue-view.ts';
import { readSheet } from './sheet-file.ts';

@Injectable()
export class DeviceProfileService {
  constructor(private readonly resources: Resources) {}

  async catalogue(scope: Scope): Promise<DeviceCatalogue> {
    const own = await this.resources.database.readOrganisation(scope.organisationId, (client) =>
      listDeviceProfiles(client, scope),
    );
    return {
      products: products.map(productView),
      profiles: [...profiles.map((profile) => profileView(profile)), ...own.map(ownProfileView)],
    };
  }

  /** Checks a register table; without `dryRun` and without errors the profile is stored, as a whole. */
  async upload(
    caller: Caller,
    query: z.output<typeof uploadProfileQuery>,
    content: unknown,
  ): Promise<UploadedProfile> {
    if (!(content instanceof Uint8Array) || content.length === 0)
      throw new AppError('invalid', 'The body is a register table: text/csv or a workbook (.xlsx)');
    const { dryRun, fileName, name, models, ...about } = query;
    const result = readRegisterTable(readSheet(content), {
      ...about,
      id: `own-${name}`,
      models: models
        .split(',')
        .map((model) => model.trim())
        .filter((model) => model !== ''),
    });
    const isDryRun = dryRun === 'true';
    if (!result.ok)
      return {
        dryRun: isDryRun,
        stored: false,
        profile: null,
        attributes: [],
        skippedRows: [],
        errors: result.errors.map((error) => ({ ...error })),
      };
    if (!isDryRun) await this.store(caller, result.profile, fileName);
    return {
      dryRun: isDryRun,
      stored: !isDryRun,
      profile: profileView(result.profile, { fileName, by: caller.name, at: new Date().toISOString() }),
      attributes: result.attributes.map((attribute) => ({ ...attribute })),
      skippedRows: [...result.skippedRows],
      errors: [],
    };
  }

  async remove(caller: Caller, profileId: string): Promise<void> {
    const { scope } = caller;
    await this.resources.database.withOrganisation(scope.organisationId, async (tx) => {
      const meters = await countMetersOfProfile(tx, scope, profileId);
      if (meters > 0)
        throw new AppError(
          'conflict',
          `${meters} ${meters === 1 ? 'meter is' : 'meters are'} read through ${profileId}`,
        );
      if (!(await removeDeviceProfile(tx, scope, profileId)))
        throw new AppError('notFound', `No profile ${profileId} of this organisation`);
      await recordEvent(tx, scope, { actor: caller.name, action: 'deviceProfile.remove', object: profileId });
    });
  }

  /** Stores a checked profile of the organisation. */
  async store(caller: Caller, profile: DeviceProfile, fileName: string): Promise<void> {
    const { scope } = caller;
    const faults = checkProfile(profile);
    if (faults.length > 0)
      throw new AppError('invalid', `${profile.id}: ${faults[0]?.message}`, {
        errors: faults.map((fault) => ({ path: `${fault.point}.${fault.field}`, message: fault.message })),
      });
    await this.resources.database.withOrganisation(scope.organisationId, async (tx) => {
      const outcome = await createDeviceProfile(tx, scope, {
        id: profile.id,
        definition: profile,
        fileName,
        createdBy: caller.name,
      });
      if (outcome === 'known')
        throw new AppError(
          'conflict',
          `There is a profile ${profile.id} already: choose another name, or remove it`,
        );
      if (outcome === 'tooMany')
        throw new AppError(
          'conflict',
          `An organisation has at most ${deviceProfileLimit} profiles of its own`,
        );
      await recordEvent(tx, scope, {
        actor: caller.name,
        action: 'deviceProfile.create',
        object: profile.id,
        after: { fileName, points: profile.points.length },
      });
    });
  }
}

/** What is stored was made by `readRegisterTable`; nothing else writes the table. */
const ownProfileView = (row: DeviceProfileRow): DeviceCatalogue['profiles'][number] =>
  profileView(row.definition as DeviceProfile, {
    fileName: row.fileName,
    by: row.createdBy,
    at: row.createdAt.toISOString(),
  });
