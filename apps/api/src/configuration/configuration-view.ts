import {
  type CheckedConfiguration,
  type ConfigurationPlanBody,
  type ConfigurationVersion,
  configurationPlan,
  configurationVersion,
} from '@wattproof/contracts/api';
import type { GatewayConfigurationRow } from '@wattproof/database/queries';
import {
  type ConfigurationPlan,
  checkPlan,
  diffPlans,
  type LineForecast,
  type ProfileFinder,
} from '@wattproof/devices';

/** @throws ZodError where what is stored is no plan: it was checked before it was stored, so this is a fault of ours. */
export const planOf = (row: GatewayConfigurationRow): ConfigurationPlanBody =>
  configurationPlan.parse(row.plan);

export function versionView(row: GatewayConfigurationRow): ConfigurationVersion {
  const { lines } = planOf(row);
  return configurationVersion.parse({
    version: row.version,
    state: row.state,
    note: row.note,
    createdBy: row.createdBy,
    sentBy: row.sentBy,
    sentAt: row.sentAt?.toISOString() ?? null,
    settledAt: row.settledAt?.toISOString() ?? null,
    reason: row.reason,
    message: row.message,
    lines: lines.length,
    meters: lines.reduce((sum, line) => sum + line.meters.length, 0),
  });
}

export const forecastsView = (
  forecasts: ReadonlyMap<string, LineForecast>,
): CheckedConfiguration['forecasts'] =>
  [...forecasts].map(([line, forecast]) => ({
    line,
    cycle_ms: forecast.cycle_ms,
    worstCycle_ms: forecast.worstCycle_ms,
    loadShare: forecast.loadShare,
    shortestPeriod_s: forecast.shortestPeriod_s,
    devices: forecast.devices.map(({ names, bytes: _, polls: _polls, ...device }) => ({
      ...device,
      names: [...names],
    })),
  }));

export const diffView = (
  before: ConfigurationPlan | null,
  after: ConfigurationPlan,
): CheckedConfiguration['diff'] => {
  const { gateway, lines, meters } = diffPlans(before, after);
  const fields = <T extends { readonly fields: readonly object[] }>(change: T) => ({
    ...change,
    fields: change.fields.map((field) => ({ ...field })),
  });
  return {
    gateway: gateway.map((change) => ({ ...change })),
    lines: lines.map((change) => fields(change)),
    meters: meters.map((change) => fields(change)),
  } as CheckedConfiguration['diff'];
};

export function checkedView(
  plan: ConfigurationPlan,
  inForce: ConfigurationPlan | null,
  findProfile: ProfileFinder,
): CheckedConfiguration {
  const { findings, forecasts } = checkPlan(plan, findProfile);
  return {
    isSendable: findings.every((f) => f.severity !== 'error'),
    findings: findings.map((f) => ({ ...f, meters: [...f.meters], data: { ...f.data } })),
    forecasts: forecastsView(forecasts),
    diff: diffView(inForce, plan),
  };
}
