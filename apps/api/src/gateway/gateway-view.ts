import type { Gateway } from '@wattproof/contracts/api';
import { stateMessage, upTopic } from '@wattproof/contracts/mqtt';
import type { GatewayMeterRow, GatewayRow, LatestRow, LineRow } from '@wattproof/database/queries';
import type { ProfileFinder } from '@wattproof/devices';
import { isStale, qualityName } from '../meter/meter-view.ts';

export interface GatewayParts {
  readonly lines: readonly LineRow[];
  readonly meters: readonly GatewayMeterRow[];
  readonly latest: ReadonlyMap<number, LatestRow>;
  readonly findProfile: ProfileFinder;
  readonly now_ms: number;
}

/** A gateway as the API shows it: its record, joined with what it last said of itself. */
export function gatewayView(
  row: GatewayRow,
  { lines, meters, latest, findProfile, now_ms }: GatewayParts,
): Gateway {
  // A gateway of another version may say something else of itself; its record stands without.
  const said = stateMessage.safeParse(row.state).data;
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    siteId: row.siteId,
    siteName: row.siteName,
    partition: row.partition,
    topic: upTopic(row.partition, row.id, 'readings'),
    online: row.online,
    stateAt: row.stateAt?.toISOString() ?? null,
    lastMessageAt: row.lastMessageAt?.toISOString() ?? null,
    enrolledAt: row.enrolledAt?.toISOString() ?? null,
    revokedAt: row.revokedAt?.toISOString() ?? null,
    configurationVersion: row.configurationVersion,
    outboxBatches: said?.outbox?.batches ?? null,
    clockSynchronised: said?.clockSynchronised ?? null,
    lines: lines.map(({ id, key, name, transport, settings }) => {
      const line = said?.lines?.find((l) => l.key === key);
      return {
        id,
        key,
        name,
        transport,
        settings,
        state: line?.state ?? null,
        lastExchangeAt: line?.lastExchangeAt ?? null,
        requests: line?.requests ?? null,
        timeouts: line?.timeouts ?? null,
        busyShare: line?.busyShare ?? null,
      };
    }),
    meters: meters.map((meter) => {
      const profile = meter.profileId ? findProfile(meter.profileId) : undefined;
      const newest = latest.get(meter.meterId);
      const deviceSays = said?.lines
        ?.find((l) => l.key === meter.lineKey)
        ?.meters.find((m) => m.key === meter.key);
      return {
        meterId: meter.meterId,
        key: meter.key,
        name: meter.name,
        lineKey: meter.lineKey,
        unitAddress: meter.unitAddress,
        profileId: meter.profileId,
        profileName: profile?.title ?? null,
        trust: profile?.trust ?? null,
        lastReadingAt: newest?.at.toISOString() ?? null,
        stale: newest ? isStale(newest.at.getTime(), meter.readingPeriod_s, now_ms) : true,
        quality: newest ? qualityName(newest.quality) : null,
        memory: deviceSays?.memory ?? null,
      };
    }),
  };
}
