import fc from 'fast-check';
import { generate } from 'mqtt-packet';
import { expect, test } from 'vitest';
import { createPublishSplitter, pubacksOf, type ReceivedPublish } from './publish-tap.ts';

const v5 = { protocolVersion: 5 } as const;

interface Message {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: 0 | 1;
  readonly retain: boolean;
  readonly dup: boolean;
  readonly messageId: number;
  readonly property: string;
}
const message = fc.record<Message>({
  topic: fc.stringMatching(/^[a-zé/]{1,40}$/),
  payload: fc.uint8Array({ maxLength: 300 }),
  qos: fc.constantFrom(0, 1),
  retain: fc.boolean(),
  dup: fc.boolean(),
  messageId: fc.integer({ min: 1, max: 65_535 }),
  property: fc.string({ maxLength: 200 }),
});
const packetOf = ({ topic, payload, qos, retain, dup, messageId, property }: Message): Buffer =>
  generate(
    {
      cmd: 'publish',
      topic,
      payload: Buffer.from(payload),
      qos,
      retain,
      dup: qos > 0 && dup,
      messageId,
      properties: { userProperties: { of: property }, contentType: property },
    },
    v5,
  );
const pingResponse = Buffer.from([0xd0, 0x00]);

/** What comes out of bytes that arrive in pieces of these sizes. */
function splitUp(bytes: Buffer, sizes: readonly number[]) {
  const publishes: ReceivedPublish[] = [];
  const rest: Buffer[] = [];
  const split = createPublishSplitter(
    (publish) => publishes.push(publish),
    (other) => rest.push(other),
  );
  let offset = 0;
  for (let i = 0; offset < bytes.length; i++) {
    const size = sizes[i % sizes.length] as number;
    split(bytes.subarray(offset, offset + size));
    offset += size;
  }
  return { publishes, rest: Buffer.concat(rest) };
}

test('every message comes out whole and in order however the bytes are cut, and the rest goes on', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(message, fc.constant(null)), { maxLength: 20 }),
      fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 10 }),
      (packets, sizes) => {
        const bytes = Buffer.concat(packets.map((packet) => (packet ? packetOf(packet) : pingResponse)));
        const { publishes, rest } = splitUp(bytes, sizes);
        const messages = packets.filter((packet) => packet !== null);
        expect(publishes).toEqual(
          messages.map(({ topic, payload, qos, retain, dup, messageId }) => ({
            topic,
            payload: Buffer.from(payload),
            isRetained: retain,
            isRedelivered: qos > 0 && dup,
            messageId: qos > 0 ? messageId : 0,
          })),
        );
        expect(rest).toEqual(
          Buffer.concat(packets.filter((packet) => packet === null).map(() => pingResponse)),
        );
      },
    ),
  );
});

test('a message of a megabyte in small pieces', () => {
  const payload = Buffer.alloc(1_000_000, 7);
  const packet = packetOf({
    topic: 't',
    payload,
    qos: 1,
    retain: false,
    dup: false,
    messageId: 9,
    property: '',
  });
  const { publishes } = splitUp(Buffer.concat([packet, packet]), [1_000]);
  expect(publishes.map((p) => p.payload.equals(payload))).toEqual([true, true]);
});

test.each([
  ['an endless length', Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff, 0x01])],
  ['properties that go beyond the packet', Buffer.from([0x32, 0x06, 0x00, 0x01, 0x74, 0x00, 0x01, 0x05])],
])('%s is an error, not a message', (_, bytes) => {
  expect(() => splitUp(bytes, [100])).toThrow(/length|properties/);
});

test('acknowledgements are what the library would have sent', () => {
  const expected = [1, 258, 65_535].map((messageId) =>
    generate({ cmd: 'puback', messageId, reasonCode: 0 }, v5),
  );
  expect(pubacksOf([1, 258, 65_535])).toEqual(Buffer.concat(expected));
});
