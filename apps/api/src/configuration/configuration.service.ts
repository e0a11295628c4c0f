import { Injectable } from '@nestjs/common';
import type {
  CheckedConfiguration,
  ConfigurationPlanBody,
  ConfigurationVersionDetail,
  GatewayConfigurations,
  meterTableQuery,
  UploadedMeters,
} from '@wattproof/contracts/api';
import {
  addLines,
  addMeters,
  findConfigurationInForce,
  findGatewayConfiguration,
  type GatewayRow,
  listGatewayConfigurations,
  listGateways,
  readStructure,
  recordEvent,
  removeConfigurationDraft,
  type Scope,
  sendGatewayConfiguration,
  storeConfigurationDraft,
} from '@wattproof/database/queries';
import { checkPlan, type DeviceProfile, diffPlans, isEmptyDiff, profileFinder } from '@wattproof/devices';
import { AppError } from '@wattproof/runtime';
import type { PoolClient } from 'pg';
import type { z } from 'zod';
import type { Caller } from '../access/caller.ts';
import { ownProfiles } from '../device-catalogue/own-profiles.ts';
import { readSheet } from '../device-catalogue/sheet-file.ts';
import { Resources } from '../resources.ts';
import { checkedView, diffView, forecastsView, planOf, versionView } from './configuration-view.ts';
import { meterTable, type PlaceNames, readMeterTable, withMeters } from './meter-table.ts';
import { lineRows, meterRows, wireConfigurationOf } from './wire-configuration.ts';

interface Known {
  readonly gateway: GatewayRow;
  readonly own: readonly DeviceProfile[];
  readonly inForce: ConfigurationPlanBody | null;
  readonly inForceVersion: number | null;
  readonly draft: ConfigurationPlanBody | null;
  readonly places: PlaceNames;
}

@Injectable()
export class ConfigurationService {
  constructor(private readonly resources: Resources) {}

  async overview(scope: Scope, gatewayId: string): Promise<GatewayConfigurations> {
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      const { own } = await known(client, scope, gatewayId);
      const rows = await listGatewayConfigurations(client, scope, gatewayId);
      const inForce = await findConfigurationInForce(client, scope, gatewayId);
      const draft = rows.find((row) => row.version === null);
      const plan = inForce ? planOf(inForce) : null;
      return {
        gatewayId,
        inForce: inForce?.version ?? null,
        plan,
        forecasts: plan ? forecastsView(checkPlan(plan, profileFinder(own)).forecasts) : [],
        draft: draft
          ? {
              plan: planOf(draft),
              note: draft.note,
              by: draft.createdBy,
              at: draft.updatedAt.toISOString(),
              state: draft.state === 'checked' ? 'checked' : 'draft',
            }
          : null,
        versions: rows.filter((row) => row.version !== null).map(versionView),
      };
    });
  }

  async version(
    scope: Scope,
    gatewayId: string,
    version: number,
    against: number | undefined,
  ): Promise<ConfigurationVersionDetail> {
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      await known(client, scope, gatewayId);
      const row = await findGatewayConfiguration(client, scope, gatewayId, version);
      if (!row) throw new AppError('notFound', `${gatewayId} has no version ${version}`);
      const other =
        against === undefined
          ? await findConfigurationInForce(client, scope, gatewayId, version)
          : await findGatewayConfiguration(client, scope, gatewayId, against);
      if (against !== undefined && !other)
        throw new AppError('notFound', `${gatewayId} has no version ${against}`);
      const plan = planOf(row);
      return {
        version: versionView(row),
        plan,
        against: other?.version ?? null,
        diff: diffView(other ? planOf(other) : null, plan),
      };
    });
  }

  async check(scope: Scope, gatewayId: string, plan: ConfigurationPlanBody): Promise<CheckedConfiguration> {
    const { own, inForce } = await this.know(scope, gatewayId);
    return checkedView(plan, inForce, profileFinder(own));
  }

  async storeDraft(
    caller: Caller,
    gatewayId: string,
    { plan, note }: { readonly plan: ConfigurationPlanBody; readonly note: string },
  ): Promise<CheckedConfiguration> {
    const { scope } = caller;
    const { own, inForce, gateway } = await this.know(scope, gatewayId);
    requireConfigurable(gateway);
    const checked = checkedView(plan, inForce, profileFinder(own));
    await this.resources.database.withOrganisation(scope.organisationId, async (tx) => {
      await storeConfigurationDraft(tx, scope, {
        gatewayId,
        state: checked.isSendable ? 'checked' : 'draft',
        plan,
        note,
        by: caller.name,
      });
      await recordEvent(tx, scope, {
        actor: caller.name,
        action: 'gatewayConfiguration.draft',
        object: gatewayId,
        after: { lines: plan.lines.length, meters: countMeters(plan) },
      });
    });
    return checked;
  }

  async removeDraft(caller: Caller, gatewayId: string): Promise<void> {
    const { scope } = caller;
    await this.know(scope, gatewayId);
    await this.resources.database.withOrganisation(scope.organisationId, async (tx) => {
      if (!(await removeConfigurationDraft(tx, scope, gatewayId)))
        throw new AppError('notFound', `${gatewayId} has no draft`);
      await recordEvent(tx, scope, {
        actor: caller.name,
        action: 'gatewayConfiguration.discard',
        object: gatewayId,
      });
    });
  }

  /** Sends the draft as the next version; it is in force when the gateway has kept it. */
  async send(caller: Caller, gatewayId: string, note: string): Promise<GatewayConfigurations> {
    const { database, downPath } = this.resources;
    const { scope } = caller;
    const { gateway, own, draft, inForce } = await this.know(scope, gatewayId);
    requireConfigurable(gateway);
    if (!draft) throw new AppError('conflict', `${gatewayId} has no draft to send`);
    const { isSendable, findings } = checkedView(draft, inForce, profileFinder(own));
    if (!isSendable) {
      const errors = findings
        .filter((f) => f.severity === 'error')
        .map((f) => ({ path: [f.line, ...f.meters, f.field].filter(Boolean).join('.'), message: f.message }));
      throw new AppError('invalid', `The draft cannot be sent: ${errors[0]?.message}`, { errors });
    }
    if (inForce && isEmptyDiff(diffPlans(inForce, draft)))
      throw new AppError('conflict', 'The draft is the same as the version in force');
    const place = { organisationId: scope.organisationId, gatewayId, siteId: gateway.siteId };
    await database.withOrganisation(scope.organisationId, async (tx) => {
      await addLines(tx, place, lineRows(draft));
      const added = await addMeters(tx, place, meterRows(draft, own));
      const version = await sendGatewayConfiguration(tx, scope, {
        gatewayId,
        plan: draft,
        configuration: wireConfigurationOf(draft, own),
        note,
        by: caller.name,
      });
      await recordEvent(tx, scope, {
        actor: caller.name,
        action: 'gatewayConfiguration.send',
        object: gatewayId,
        after: { version, note, meters: countMeters(draft), newMeters: added.length },
      });
    });
    await downPath.flush();
    return this.overview(scope, gatewayId);
  }

  /** The meters of the draft, or of what is in force, as a table that can be changed and uploaded again. */
  async table(scope: Scope, gatewayId: string): Promise<string> {
    const { draft, inForce, places } = await this.know(scope, gatewayId);
    return meterTable(draft ?? inForce ?? { pollPeriod_s: 10, lines: [] }, places);
  }

  /** Puts a table of meters into the draft; without `dryRun` and without errors it is stored, as a whole. */
  async uploadTable(
    caller: Caller,
    gatewayId: string,
    { dryRun, mode }: z.output<typeof meterTableQuery>,
    content: unknown,
  ): Promise<UploadedMeters> {
    if (!(content instanceof Uint8Array) || content.length === 0)
      throw new AppError('invalid', 'The body is a table of meters: text/csv or a workbook (.xlsx)');
    const { draft, inForce, places } = await this.know(caller.scope, gatewayId);
    const plan = draft ?? inForce;
    if (!plan || plan.lines.length === 0)
      throw new AppError('conflict', 'Plan a line first: a table names the lines of its meters');
    const isDryRun = dryRun === 'true';
    const read = readMeterTable(
      readSheet(content),
      plan.lines.map((line) => line.key),
      places,
    );
    if (!read.ok)
      return {
        dryRun: isDryRun,
        stored: false,
        added: 0,
        changed: 0,
        removed: 0,
        errors: read.errors.map((error) => ({ ...error })),
        plan: null,
      };
    const merged = withMeters(plan, read.meters, mode);
    const body = merged.plan as ConfigurationPlanBody;
    if (!isDryRun) await this.storeDraft(caller, gatewayId, { plan: body, note: '' });
    return { ...merged, dryRun: isDryRun, stored: !isDryRun, errors: [], plan: body };
  }

  private know(scope: Scope, gatewayId: string): Promise<Known> {
    return this.resources.database.readOrganisation(scope.organisationId, (client) =>
      known(client, scope, gatewayId),
    );
  }
}

/** @throws AppError notFound where the caller cannot see the gateway. */
async function known(client: PoolClient, scope: Scope, gatewayId: string): Promise<Known> {
  const [gateway] = await listGateways(client, scope, gatewayId);
  if (!gateway) throw new AppError('notFound', `There is no gateway ${gatewayId}`);
  const own = await ownProfiles(client, scope);
  const rows = await listGatewayConfigurations(client, scope, gatewayId);
  const inForce = await findConfigurationInForce(client, scope, gatewayId);
  const draft = rows.find((row) => row.version === null);
  const { zones, circuits } = await readStructure(client, scope, gateway.siteId);
  return {
    gateway,
    own,
    inForce: inForce ? planOf(inForce) : null,
    inForceVersion: inForce?.version ?? null,
    draft: draft ? planOf(draft) : null,
    places: { zones, circuits },
  };
}

/** @throws AppError conflict where the gateway takes no configuration from here. */
function requireConfigurable({ id, kind, revokedAt }: GatewayRow): void {
  if (kind !== 'edge')
    throw new AppError('conflict', 'A bring-your-own gateway is configured where it is, not from here');
  if (revokedAt) throw new AppError('conflict', `The gateway ${id} is revoked`);
}

const countMeters = ({ lines }: ConfigurationPlanBody): number =>
  lines.reduce((sum, line) => sum + line.meters.length, 0);
