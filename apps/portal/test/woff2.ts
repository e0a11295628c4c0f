import { brotliDecompressSync } from 'node:zlib';

/** Known table tags of WOFF2 that carry an index below 12; `cmap` is the one that is read here. */
const glyf = 10;
const loca = 11;

/** Code points that a WOFF2 file has a glyph for, from its character map (formats 4 and 12). */
export function codePointsOf(file: Buffer): Set<number> {
  if (file.toString('latin1', 0, 4) !== 'wOF2') throw new Error('Not a WOFF2 file');
  const tableCount = file.readUInt16BE(12);
  let at = 48;
  const base128 = (): number => {
    let value = 0;
    for (let i = 0; i < 5; i += 1) {
      const byte = file[at] as number;
      at += 1;
      value = value * 128 + (byte & 0x7f);
      if ((byte & 0x80) === 0) return value;
    }
    throw new Error('Bad length in the table directory');
  };
  const tables: { tag: string; length: number }[] = [];
  for (let i = 0; i < tableCount; i += 1) {
    const flags = file[at] as number;
    at += 1;
    const index = flags & 0x3f;
    const version = flags >> 6;
    let tag = index === 0 ? 'cmap' : String(index);
    if (index === 63) {
      tag = file.toString('latin1', at, at + 4);
      at += 4;
    }
    const length = base128();
    const isTransformed = index === glyf || index === loca ? version !== 3 : version !== 0;
    tables.push({ tag, length: isTransformed ? base128() : length });
  }
  const data = brotliDecompressSync(file.subarray(at, at + file.readUInt32BE(20)));
  let offset = 0;
  for (const { tag, length } of tables) {
    if (tag === 'cmap') return readCmap(data.subarray(offset, offset + length));
    offset += length;
  }
  throw new Error('No character map');
}

function readCmap(cmap: Buffer): Set<number> {
  const found = new Set<number>();
  const count = cmap.readUInt16BE(2);
  for (let i = 0; i < count; i += 1) {
    const table = cmap.subarray(cmap.readUInt32BE(4 + i * 8 + 4));
    const format = table.readUInt16BE(0);
    if (format === 4) readSegments(table, found);
    if (format === 12) readGroups(table, found);
  }
  return found;
}

function readSegments(table: Buffer, found: Set<number>): void {
  const segments = table.readUInt16BE(6) / 2;
  for (let s = 0; s < segments; s += 1) {
    const end = table.readUInt16BE(14 + s * 2);
    const start = table.readUInt16BE(16 + segments * 2 + s * 2);
    const delta = table.readUInt16BE(16 + segments * 4 + s * 2);
    const rangeAt = 16 + segments * 6 + s * 2;
    const range = table.readUInt16BE(rangeAt);
    for (let code = start; code <= end && code !== 0xffff; code += 1) {
      const glyph =
        range === 0 ? (code + delta) & 0xffff : table.readUInt16BE(rangeAt + range + (code - start) * 2);
      if (glyph !== 0) found.add(code);
    }
  }
}

function readGroups(table: Buffer, found: Set<number>): void {
  const groups = table.readUInt32BE(12);
  for (let g = 0; g < groups; g += 1) {
    const start = table.readUInt32BE(16 + g * 12);
    const end = table.readUInt32BE(20 + g * 12);
    for (let code = start; code <= end; code += 1) found.add(code);
  }
}
