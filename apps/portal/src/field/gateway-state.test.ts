import type { Gateway } from '@wattproof/contracts/api';
import { describe, expect, it } from 'vitest';
import { gatewayState, lastHeardAt } from './gateway-state.ts';

const meter: Gateway['meters'][number] = {
  meterId: 1,
  key: 'M1',
  name: 'Oven',
  lineKey: null,
  unitAddress: null,
  profileId: null,
  profileName: null,
  trust: null,
  lastReadingAt: '2026-11-22T10:00:00Z',
  stale: false,
  quality: 'good',
  memory: null,
};
const gateway: Gateway = {
  id: 'plc',
  name: 'PLC',
  kind: 'custom',
  siteId: '00000000-0000-4000-8000-000000000001',
  siteName: 'Laval',
  partition: 0,
  topic: 'wattproof/v1/0/plc/up/readings',
  online: false,
  stateAt: null,
  lastMessageAt: null,
  enrolledAt: null,
  revokedAt: null,
  configurationVersion: 0,
  outboxBatches: null,
  clockSynchronised: null,
  lines: [],
  meters: [],
};

describe('state of a gateway', () => {
  it('believes the gateway that says it is online', () => {
    expect(gatewayState({ ...gateway, online: true })).toBe('online');
  });
  it('takes fresh readings of a bring-your-own gateway for its word, but not those of an edge gateway', () => {
    expect(gatewayState({ ...gateway, meters: [meter] })).toBe('online');
    expect(gatewayState({ ...gateway, kind: 'edge', meters: [meter] })).toBe('silent');
    expect(gatewayState({ ...gateway, meters: [{ ...meter, stale: true }] })).toBe('silent');
  });
  it('tells a gateway that never sent from one that stopped', () => {
    expect(gatewayState({ ...gateway, meters: [{ ...meter, lastReadingAt: null, stale: true }] })).toBe(
      'never',
    );
    expect(gatewayState({ ...gateway, lastMessageAt: '2026-11-22T09:00:00Z' })).toBe('silent');
  });
  it('is revoked whatever it says', () => {
    expect(gatewayState({ ...gateway, online: true, revokedAt: '2026-11-22T09:00:00Z' })).toBe('revoked');
  });
  it('is heard with its newest message or reading', () => {
    expect(lastHeardAt(gateway)).toBeNull();
    expect(lastHeardAt({ ...gateway, lastMessageAt: '2026-11-22T11:00:00+01:00', meters: [meter] })).toBe(
      '2026-11-22T11:00:00+01:00',
    );
    expect(lastHeardAt({ ...gateway, lastMessageAt: '2026-11-22T11:00:00Z', meters: [meter] })).toBe(
      '2026-11-22T11:00:00Z',
    );
  });
});
