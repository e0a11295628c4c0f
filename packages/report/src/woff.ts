import { inflateSync } from 'node:zlib';

const woffSignature = 0x774f4646;
const headerBytes = 44;
const entryBytes = 20;

interface Table {
  readonly tag: number;
  readonly checksum: number;
  readonly data: Buffer;
}

/**
 * The OpenType font inside a WOFF 1.0 file (W3C Recommendation of 13 December 2012): the same tables, uncompressed.
 * Typst reads OpenType, the npm package ships WOFF.
 * @throws RangeError where the bytes are no WOFF file.
 */
export function openTypeOf(woff: Buffer): Buffer {
  if (woff.length < headerBytes || woff.readUInt32BE(0) !== woffSignature)
    throw new RangeError('Not a WOFF file');
  const flavor = woff.readUInt32BE(4);
  const count = woff.readUInt16BE(12);
  const tables: Table[] = [];
  for (let i = 0; i < count; i++) {
    const entry = headerBytes + i * entryBytes;
    const offset = woff.readUInt32BE(entry + 4);
    const packed = woff.subarray(offset, offset + woff.readUInt32BE(entry + 8));
    const length = woff.readUInt32BE(entry + 12);
    const data = packed.length < length ? inflateSync(packed) : packed;
    if (data.length !== length) throw new RangeError('A table of the font has another length than it says');
    tables.push({ tag: woff.readUInt32BE(entry), checksum: woff.readUInt32BE(entry + 16), data });
  }
  return assemble(flavor, tables);
}

const padded = (length: number): number => (length + 3) & ~3;

function assemble(flavor: number, tables: readonly Table[]): Buffer {
  const directory = 12 + 16 * tables.length;
  const size = tables.reduce((sum, table) => sum + padded(table.data.length), directory);
  const font = Buffer.alloc(size);
  const power = 2 ** Math.floor(Math.log2(tables.length));
  font.writeUInt32BE(flavor, 0);
  font.writeUInt16BE(tables.length, 4);
  font.writeUInt16BE(power * 16, 6);
  font.writeUInt16BE(Math.log2(power), 8);
  font.writeUInt16BE(tables.length * 16 - power * 16, 10);
  let offset = directory;
  tables.forEach((table, i) => {
    const entry = 12 + 16 * i;
    font.writeUInt32BE(table.tag, entry);
    font.writeUInt32BE(table.checksum, entry + 4);
    font.writeUInt32BE(offset, entry + 8);
    font.writeUInt32BE(table.data.length, entry + 12);
    table.data.copy(font, offset);
    offset += padded(table.data.length);
  });
  return font;
}
