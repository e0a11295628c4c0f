/**
 * The bundle's file: a ZIP archive without compression that has exactly one form for its contents. Entries in the order of
 * their names, no extra fields, no comments, one fixed date. Any program opens it; and since the same contents can be
 * packed in one way only, a difference anywhere in the file shows when it is packed again.
 */
import { builtinModule } from './builtin-module.ts';
import { isEqual } from './sha256.ts';

export interface ArchiveEntry {
  readonly name: string;
  /**
   * May be read anew each time that it is asked for, also into the memory of the entry before, which is not used any more
   * then; its content must be the same.
   */
  readonly bytes: Uint8Array;
}

/** ZIP without its 64-bit extension ends here. */
export const archiveLimit_bytes = 2 ** 32 - 1;
const entryLimit = 65_535;
/** 1 January 1980, the earliest date that the form knows. */
const date = 0x0021;
const localSignature = 0x04034b50;
const centralSignature = 0x02014b50;
const endSignature = 0x06054b50;
const utf8Flag = 0x0800;

interface NodeZlib {
  /** From 22.2 on. */
  readonly crc32?: (data: Uint8Array) => number;
}

const crcTable = new Int32Array(256);
for (let n = 0; n < 256; n++) {
  let c = n;
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  crcTable[n] = c;
}

/** CRC-32 in plain arithmetic. */
export function plainCrc32(bytes: Uint8Array): number {
  let crc = -1;
  for (let i = 0; i < bytes.length; i++)
    crc = (crcTable[(crc ^ (bytes[i] as number)) & 0xff] as number) ^ (crc >>> 8);
  return (crc ^ -1) >>> 0;
}

/** Node's own where there is Node, plain arithmetic in a browser. */
export const crc32: (bytes: Uint8Array) => number = builtinModule<NodeZlib>('node:zlib')?.crc32 ?? plainCrc32;

const encoder = new TextEncoder();

/** What the heads of an entry say of it; its content is not among them, so that it can be forgotten. */
interface Placed {
  readonly encodedName: Uint8Array;
  readonly size: number;
  readonly crc: number;
  readonly offset: number;
}

/** Fields that the local and the central head have in common, from `version needed` to the length of extra fields. */
function writeFields(view: DataView, at: number, { crc, size, encodedName }: Omit<Placed, 'offset'>): void {
  view.setUint16(at, 20, true);
  view.setUint16(at + 2, utf8Flag, true);
  view.setUint16(at + 4, 0, true);
  view.setUint16(at + 6, 0, true);
  view.setUint16(at + 8, date, true);
  view.setUint32(at + 10, crc, true);
  view.setUint32(at + 14, size, true);
  view.setUint32(at + 18, size, true);
  view.setUint16(at + 22, encodedName.length, true);
  view.setUint16(at + 24, 0, true);
}

function localHead(entry: Omit<Placed, 'offset'>): Uint8Array {
  const head = new Uint8Array(30 + entry.encodedName.length);
  const view = new DataView(head.buffer);
  view.setUint32(0, localSignature, true);
  writeFields(view, 4, entry);
  head.set(entry.encodedName, 30);
  return head;
}

function centralHead(entry: Placed): Uint8Array {
  const head = new Uint8Array(46 + entry.encodedName.length);
  const view = new DataView(head.buffer);
  view.setUint32(0, centralSignature, true);
  view.setUint16(4, 20, true);
  writeFields(view, 6, entry);
  view.setUint32(42, entry.offset, true);
  head.set(entry.encodedName, 46);
  return head;
}

/**
 * The archive in pieces, so that nobody needs it twice in memory; it can be gone through again and again.
 * @throws RangeError where it would be larger than the form allows, or two entries have one name.
 */
export const archivePieces = (entries: readonly ArchiveEntry[]): Iterable<Uint8Array> => ({
  [Symbol.iterator]: () => piecesOf(entries),
});

function* piecesOf(entries: readonly ArchiveEntry[]): Generator<Uint8Array> {
  const sorted = [...entries].sort((a, b) => (a.name < b.name ? -1 : 1));
  if (sorted.length >= entryLimit) throw new RangeError('An archive has at most 65,534 entries');
  const placed: Placed[] = [];
  let offset = 0;
  for (const [i, { name, bytes }] of sorted.entries()) {
    if (sorted[i - 1]?.name === name) throw new RangeError(`Two entries are named ${name}`);
    const entry = { encodedName: encoder.encode(name), size: bytes.length, crc: crc32(bytes) };
    placed.push({ ...entry, offset });
    const head = localHead(entry);
    yield head;
    yield bytes;
    offset += head.length + bytes.length;
    if (offset > archiveLimit_bytes) throw new RangeError('An archive holds at most 4 GiB');
  }
  const start = offset;
  for (const entry of placed) {
    const head = centralHead(entry);
    yield head;
    offset += head.length;
  }
  const end = new Uint8Array(22);
  const view = new DataView(end.buffer);
  view.setUint32(0, endSignature, true);
  view.setUint16(8, placed.length, true);
  view.setUint16(10, placed.length, true);
  view.setUint32(12, offset - start, true);
  view.setUint32(16, start, true);
  yield end;
}

/** The archive in one piece. */
export function packArchive(entries: readonly ArchiveEntry[]): Uint8Array {
  const pieces = [...archivePieces(entries)];
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

export interface ArchiveFault {
  /** Byte of the file, from 0. */
  readonly at: number;
  /** Where people look: the entry, or the archive's own structure. */
  readonly place: string;
  readonly message: string;
}
export type ReadArchive =
  | { readonly ok: true; readonly entries: readonly ArchiveEntry[] }
  | { readonly ok: false; readonly fault: ArchiveFault };

const structure = 'the structure of the archive';

/** Entries by walking the local heads from the first byte on; nothing is trusted that is not packed the same way again. */
export function readArchive(bytes: Uint8Array): ReadArchive {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const entries: ArchiveEntry[] = [];
  let at = 0;
  const broken = (message: string, place = structure): ReadArchive => ({
    ok: false,
    fault: { at, place, message },
  });
  while (at + 30 <= bytes.length && view.getUint32(at, true) === localSignature) {
    const size = view.getUint32(at + 18, true);
    const nameLength = view.getUint16(at + 26, true);
    const from = at + 30 + nameLength;
    if (from + size > bytes.length)
      return broken(`an entry at byte ${at} claims to be longer than the file: it was cut or changed`);
    let name: string;
    try {
      name = decoder.decode(bytes.subarray(at + 30, from));
    } catch {
      return broken(`the name of the entry at byte ${at} is no text`);
    }
    entries.push({ name, bytes: bytes.subarray(from, from + size) });
    at = from + size;
  }
  if (entries.length === 0) return broken('the file is no bundle: it does not begin with an archive entry');
  const fault = repackFault(bytes, entries);
  return fault ? { ok: false, fault } : { ok: true, entries };
}

/** First byte at which a file differs from its own entries packed again; null where there is none. */
function repackFault(bytes: Uint8Array, entries: readonly ArchiveEntry[]): ArchiveFault | null {
  let at = 0;
  let place = structure;
  let n = 0;
  const names = entries.map(({ name }) => name).sort((a, b) => (a < b ? -1 : 1));
  if (new Set(names).size < names.length) return { at: 0, place, message: 'two entries have one name' };
  for (const piece of archivePieces(entries)) {
    // Head and content of each entry in turn, then the central heads and the end.
    if (n < 2 * names.length) place = names[Math.floor(n / 2)] as string;
    else place = structure;
    n++;
    const there = bytes.subarray(at, at + piece.length);
    if (!isEqual(there, piece)) {
      let i = 0;
      while (i < piece.length && there[i] === piece[i]) i++;
      return {
        at: at + i,
        place,
        message:
          at + i >= bytes.length
            ? `the file ends at byte ${bytes.length}, before its contents do`
            : `byte ${at + i} is not what packing the contents gives`,
      };
    }
    at += piece.length;
  }
  if (at < bytes.length) return { at, place: structure, message: `bytes after the end, from ${at} on` };
  return null;
}
