import { expect, test } from 'vitest';
import { parseUpTopic, upKinds, upTopic } from './index.ts';

test('topics come back as they were made', () => {
  for (const kind of upKinds)
    expect(parseUpTopic(upTopic(3, 'gw-1a', kind))).toEqual({ partition: 3, gatewayId: 'gw-1a', kind });
});

test.each([
  'wattproof/v1/3/gw-1a/up',
  'wattproof/v1/3/gw-1a/up/readings/more',
  'wattproof/v1/3/gw-1a/down/ack',
  'wattproof/v1/3/gw-1a/up/secrets',
  'wattproof/v2/3/gw-1a/up/readings',
  'wattproof/v1/x/gw-1a/up/readings',
  'wattproof/v1/3/GW/up/readings',
  'wattproof/v1/3//up/readings',
  '',
])('no topic of ours: %s', (topic) => {
  expect(parseUpTopic(topic)).toBeUndefined();
});
