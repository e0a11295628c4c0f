import { listDeviceProfiles, type Scope } from '@wattproof/database/queries';
import type { DeviceProfile } from '@wattproof/devices';
import type { PoolClient } from 'pg';

/** Register maps that the organisation made. They were checked before they were stored; nothing else writes the table. */
export const ownProfiles = async (client: PoolClient, scope: Scope): Promise<DeviceProfile[]> =>
  (await listDeviceProfiles(client, scope)).map((row) => row.definition as DeviceProfile);
