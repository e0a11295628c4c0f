import { appendFileSync, closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import {
  dayNow,
  daysWithContent,
  hasBaseIntervals,
  loadIntervalMeters,
  sealedDayInForce,
  sealedTextsOfSite,
} from '@wattproof/database';
import { type LocalDate, type MeasurandName, measurandOf } from '@wattproof/energy';
import {
  type ArchiveEntry,
  daysName,
  drawSample,
  LeafHashes,
  type MeterDayFile,
  MeterDayIndex,
  merkleRoot,
  meterDayHeader,
  meterDayLeaf,
  type Sample,
  type SealedLine,
  sampleName,
  sealedContentHash,
  sealedContentText,
  type Unavailable,
} from '@wattproof/evidence';
import type { ClientBase } from 'pg';

const encoder = new TextEncoder();

export interface MeterDayFiles {
  readonly files: readonly ArchiveEntry[];
  readonly leaves: LeafHashes;
  readonly root: Uint8Array;
  readonly index: MeterDayIndex;
}

/** Characters that are gathered before they are written. */
const written_chars = 1 << 20;

/** One piece of memory for all files of a bundle: packing goes through them one after the other, three times. */
class FileBuffer {
  private bytes = new Uint8Array(0);

  /** Bytes of a file until the next file is read. */
  read(path: string, length: number): Uint8Array {
    if (this.bytes.length < length) this.bytes = new Uint8Array(length);
    return this.bytes.subarray(0, readInto(this.bytes.subarray(0, length), path, 0));
  }
}

/** Fills a part from where a file stands, as far as the file goes; returns how many bytes that are. */
function readInto(part: Uint8Array, path: string, from: number): number {
  const file = openSync(path, 'r');
  try {
    let length = 0;
    for (let read = -1; read !== 0 && length < part.length; length += read)
      read = readSync(file, part, length, part.length - length, from + length);
    return length;
  } finally {
    closeSync(file);
  }
}

/** A file that is written to a folder bit by bit and read when it is asked for: those of a hundred sites are 150 MB. */
class FileOnDisk implements ArchiveEntry, MeterDayFile {
  readonly name: string;
  private readonly path: string;
  private readonly buffer: FileBuffer;
  private gathered = '';
  private written = 0;

  constructor(name: string, path: string, buffer: FileBuffer) {
    this.name = name;
    this.path = path;
    this.buffer = buffer;
  }

  get length(): number {
    return this.written + this.gathered.length;
  }

  /** Characters of one byte each. */
  append(text: string): void {
    this.gathered += text;
    if (this.gathered.length >= written_chars) this.flush();
  }

  get bytes(): Uint8Array {
    this.flush();
    return this.buffer.read(this.path, this.written);
  }

  slice(from: number, to: number): Uint8Array {
    this.flush();
    const part = new Uint8Array(to - from);
    return part.subarray(0, readInto(part, this.path, from));
  }

  /** Writes what is gathered. */
  flush(): void {
    if (this.gathered === '') return;
    appendFileSync(this.path, this.gathered, 'latin1');
    this.written += this.gathered.length;
    this.gathered = '';
  }
}

/** The sealed days of some sites as files, and the tree of their lines. The files lie in `folder` as long as they are used. */
export async function meterDayFiles(
  client: ClientBase,
  siteIds: readonly string[],
  {
    folder,
    days,
    onSite,
  }: {
    readonly folder: string;
    readonly days: { readonly from: LocalDate; readonly to: LocalDate };
    readonly onSite: (done: number) => Promise<void>;
  },
): Promise<MeterDayFiles> {
  const leaves = new LeafHashes();
  const index = new MeterDayIndex();
  const files: ArchiveEntry[] = [];
  const buffer = new FileBuffer();
  for (const siteId of [...siteIds].sort()) {
    const file = new FileOnDisk(daysName(siteId), join(folder, `${siteId}.csv`), buffer);
    file.append(`${meterDayHeader}\n`);
    index.begin(file);
    for await (const ofRecord of sealedTextsOfSite(client, siteId, days))
      for (const { seal, text } of ofRecord) {
        leaves.add(meterDayLeaf(text));
        index.add(file.length);
        file.append(`${seal},${text}\n`);
      }
    file.flush();
    files.push(file);
    await onSite(files.length);
  }
  return { files, leaves, root: merkleRoot(leaves), index };
}

/** The days that the tree draws, each with its readings, as files. */
export async function sampleFiles(
  client: ClientBase,
  { leaves, root, index }: MeterDayFiles,
): Promise<{ readonly files: readonly ArchiveEntry[]; readonly sample: Sample }> {
  const files: ArchiveEntry[] = [];
  const sample = await drawSample({ root, count: leaves.count }, async (position) => {
    const shown = await contentOf(client, index.at(position));
    if (typeof shown === 'string') return shown;
    files.push(shown);
    return null;
  });
  return { files, sample };
}

/** A sealed day with its readings, or why it cannot be shown. */
async function contentOf(client: ClientBase, { day }: SealedLine): Promise<ArchiveEntry | Unavailable> {
  const measurandId = measurandOf(day.measurand as MeasurandName).id;
  const inForce = await sealedDayInForce(client, { meterId: day.meterId, measurandId, date: day.date });
  if (inForce && inForce.version > day.version) return 'superseded';
  if (!(await hasBaseIntervals(client, day))) return 'readingsGone';
  const row = await dayNow(client, day);
  const meter = (await loadIntervalMeters(client, [day.meterId])).get(day.meterId);
  const [known] = row && meter ? await daysWithContent(client, meter, [row]) : [];
  if (!known || known.content.intervals.length === 0) return 'readingsGone';
  if (sealedContentHash(known.content) !== day.contentHash)
    return known.content.readings.length === 0 ? 'readingsGone' : 'changedSince';
  return { name: sampleName(day), bytes: encoder.encode(sealedContentText(known.content)) };
}
