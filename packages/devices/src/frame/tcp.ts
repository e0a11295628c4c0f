import type { Message } from './pdu.ts';

export interface TcpMessage extends Message {
  readonly transaction: number;
}

/** A Modbus TCP frame: transaction, protocol 0, length, unit, PDU. */
export function encodeTcp({ transaction, unit, pdu }: TcpMessage): Uint8Array {
  const length = pdu.length + 1;
  return Uint8Array.of(transaction >> 8, transaction & 0xff, 0, 0, length >> 8, length & 0xff, unit, ...pdu);
}

/**
 * The first message in a stream of bytes and how many bytes it took; undefined while it is not whole; `broken` where
 * the stream is not Modbus TCP and can only be closed.
 */
export function decodeTcp(
  bytes: Uint8Array,
): { readonly message: TcpMessage; readonly taken: number } | 'broken' | undefined {
  if (bytes.length < 8) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint16(4);
  if (view.getUint16(2) !== 0 || length < 2 || length > 254) return 'broken';
  if (bytes.length < 6 + length) return undefined;
  return {
    message: { transaction: view.getUint16(0), unit: bytes[6] ?? 0, pdu: bytes.slice(7, 6 + length) },
    taken: 6 + length,
  };
}
