/** A part of a frame: its bytes as hexadecimal text, and what they are. */
export interface FramePart {
  readonly hex: string;
  readonly part:
    | 'unit'
    | 'function'
    | 'address'
    | 'count'
    | 'bytes'
    | 'data'
    | 'check'
    | 'transaction'
    | 'protocol'
    | 'length'
    | 'exception'
    | 'start'
    | 'end'
    | 'other';
}

export type Framing = 'rtu' | 'ascii' | 'tcp';

/**
 * The parts of a Modbus frame, byte by byte. TCP begins with transaction, protocol and length and has no check; ASCII is
 * written between a colon and a line end. What does not fit stays as it is.
 */
export function framePartsOf(hex: string, framing: Framing, direction: 'request' | 'reply'): FramePart[] {
  const bytes = hex.match(/../g) ?? [];
  if (framing === 'ascii') return asciiParts(bytes, direction);
  if (framing === 'tcp') {
    const [head, body] = [bytes.slice(0, 6), bytes.slice(6)];
    return [
      ...take(head.slice(0, 2), 'transaction'),
      ...take(head.slice(2, 4), 'protocol'),
      ...take(head.slice(4, 6), 'length'),
      ...messageParts(body, direction),
    ];
  }
  return [...messageParts(bytes.slice(0, -2), direction), ...take(bytes.slice(-2), 'check')];
}

function asciiParts(bytes: readonly string[], direction: 'request' | 'reply'): FramePart[] {
  const text = String.fromCharCode(...bytes.map((b) => Number.parseInt(b, 16)));
  const body = /^:((?:[0-9A-F]{2})+)\r\n$/i.exec(text)?.[1]?.match(/../g);
  if (!body) return take(bytes, 'other');
  return [
    { hex: ':', part: 'start' },
    ...messageParts(body.slice(0, -1), direction),
    ...take(body.slice(-1), 'check'),
    { hex: 'CR LF', part: 'end' },
  ];
}

function messageParts(bytes: readonly string[], direction: 'request' | 'reply'): FramePart[] {
  const code = Number.parseInt(bytes[1] ?? '', 16);
  const head = [...take(bytes.slice(0, 1), 'unit'), ...take(bytes.slice(1, 2), 'function')];
  const rest = bytes.slice(2);
  if (code >= 0x80) return [...head, ...take(rest, 'exception')];
  if (code === 3 || code === 4)
    return direction === 'request'
      ? [
          ...head,
          ...take(rest.slice(0, 2), 'address'),
          ...take(rest.slice(2, 4), 'count'),
          ...take(rest.slice(4), 'other'),
        ]
      : [...head, ...take(rest.slice(0, 1), 'bytes'), ...take(rest.slice(1), 'data')];
  if (code === 16)
    return [
      ...head,
      ...take(rest.slice(0, 2), 'address'),
      ...take(rest.slice(2, 4), 'count'),
      ...(direction === 'request'
        ? [...take(rest.slice(4, 5), 'bytes'), ...take(rest.slice(5), 'data')]
        : take(rest.slice(4), 'other')),
    ];
  return [...head, ...take(rest, 'other')];
}

const take = (bytes: readonly string[], part: FramePart['part']): FramePart[] =>
  bytes.length > 0 ? [{ hex: bytes.join(' '), part }] : [];
