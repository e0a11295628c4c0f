import { Injectable } from '@nestjs/common';
import type { Alarm } from '@wattproof/contracts/api';
import {
  type AlarmFilter,
  type AlarmRow,
  acknowledgeAlarm,
  listAlarms,
  listSites,
  listTariffs,
  recordEvent,
  type Scope,
} from '@wattproof/database/queries';
import { costOfDays, findMeasurand } from '@wattproof/energy';
import { AppError } from '@wattproof/runtime';
import type { PoolClient } from 'pg';
import type { Caller } from '../access/caller.ts';
import { Resources } from '../resources.ts';

const listLimit = 500;
const hoursPerDay = 24;

@Injectable()
export class AlarmService {
  constructor(private readonly resources: Resources) {}

  list(scope: Scope, filter: Omit<AlarmFilter, 'limit'>): Promise<Alarm[]> {
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      const rows = await listAlarms(client, scope, { ...filter, limit: listLimit });
      const price = await dailyPrices(client, scope, rows);
      return rows.map((row) => view(row, price(row)));
    });
  }

  async acknowledge(caller: Caller, alarmId: string, comment: string): Promise<Alarm> {
    const { scope } = caller;
    const before = await this.one(scope, alarmId);
    await this.resources.database.withOrganisation(scope.organisationId, async (tx) => {
      if (!(await acknowledgeAlarm(tx, scope, { id: alarmId, by: caller.name, comment })))
        throw new AppError('conflict', 'The alarm is acknowledged already', {
          acknowledgedBy: before.acknowledgedBy,
          acknowledgedAt: before.acknowledgedAt,
        });
      await recordEvent(tx, scope, {
        actor: caller.name,
        action: 'alarm.acknowledge',
        object: alarmId,
        before: { state: before.state },
        after: { comment },
      });
    });
    return this.one(scope, alarmId);
  }

  private async one(scope: Scope, alarmId: string): Promise<Alarm> {
    const [found] = await this.list(scope, { state: 'open', alarmId });
    if (!found) throw new AppError('notFound', `There is no alarm ${alarmId}`);
    return found;
  }
}

/** ISA-18.2. */
function stateOf({ clearedAt, acknowledgedAt }: AlarmRow): Alarm['state'] {
  if (clearedAt) return acknowledgedAt ? 'normal' : 'returnedUnacknowledged';
  return acknowledgedAt ? 'acknowledged' : 'unacknowledged';
}

/** Power beyond the threshold of an active alarm, W: null where it is no power or lies below. */
export function excess_w(
  row: Pick<AlarmRow, 'measurand' | 'comparison' | 'threshold' | 'extreme' | 'value' | 'clearedAt'>,
): number | null {
  const { measurand, comparison, threshold, clearedAt } = row;
  const farthest = row.extreme ?? row.value;
  if (clearedAt || comparison !== 'above' || threshold === null || farthest === null || !measurand)
    return null;
  if (findMeasurand(measurand)?.unit !== 'W' || farthest <= threshold) return null;
  return farthest - threshold;
}

/** What waiting a day costs: the excess for 24 h at the site's electricity price of today. */
async function dailyPrices(
  client: PoolClient,
  scope: Scope,
  rows: readonly AlarmRow[],
): Promise<(row: AlarmRow) => Alarm['costPerDay']> {
  const priced = rows.filter((row) => excess_w(row) !== null);
  if (priced.length === 0) return () => null;
  const siteIds = [...new Set(priced.map((row) => row.siteId))];
  const tariffs = (await listTariffs(client, scope, siteIds)).filter(
    (t) => t.carrier === 'electricity' && t.unit === 'kWh',
  );
  const zones = new Map((await listSites(client, scope)).map((site) => [site.id, site.timeZone]));
  const now_ms = Date.now();
  return (row) => {
    const excess = excess_w(row);
    const prices = tariffs.filter((t) => t.siteId === row.siteId);
    const timeZone = zones.get(row.siteId);
    if (excess === null || !timeZone) return null;
    const amount = costOfDays([{ start_ms: now_ms, amount: excess * hoursPerDay }], prices, timeZone);
    const currency = prices.at(-1)?.currency;
    return amount && currency ? { amount, currency } : null;
  };
}

const view = (row: AlarmRow, costPerDay: Alarm['costPerDay']): Alarm => ({
  ...row,
  raisedAt: row.raisedAt.toISOString(),
  clearedAt: row.clearedAt?.toISOString() ?? null,
  acknowledgedAt: row.acknowledgedAt?.toISOString() ?? null,
  state: stateOf(row),
  costPerDay,
});
