import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  dayNow,
  daysWithContent,
  loadIntervalMeters,
  sealedDaysIn,
  sealedDaysOfSite,
} from '@wattproof/database';
import type { LocalDate } from '@wattproof/energy';
import {
  type ArchiveEntry,
  daysName,
  drawSample,
  LeafHashes,
  MeterDayIndex,
  merkleRoot,
  meterDayHeader,
  meterDayLeaf,
  meterDayText,
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

/** A file that is written to a folder bit by bit and read when it is asked for: those of a hundred sites are 150 MB. */
class FileOnDisk implements ArchiveEntry {
  readonly name: string;
  private readonly path: string;
  private written = 0;

  constructor(name: string, path: string) {
    this.name = name;
    this.path = path;
  }

  get length(): number {
    return this.written;
  }

  append(bytes: Uint8Array): void {
    appendFileSync(this.path, bytes);
    this.written += bytes.length;
  }

  get bytes(): Uint8Array {
    return readFileSync(this.path);
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
  for (const siteId of [...siteIds].sort()) {
    const file = new FileOnDisk(daysName(siteId), join(folder, `${siteId}.csv`));
    file.append(encoder.encode(`${meterDayHeader}\n`));
    index.begin(file);
    for await (const ofRecord of sealedDaysOfSite(client, siteId, days)) {
      let lines = '';
      for (const day of ofRecord) {
        const text = meterDayText(day);
        leaves.add(meterDayLeaf(text));
        // Every character of a line is one byte.
        index.add(file.length + lines.length);
        lines += `${day.seal},${text}\n`;
      }
      file.append(encoder.encode(lines));
    }
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
  const start = new Date(day.start);
  const inForce = (await sealedDaysIn(client, { meterId: day.meterId, from: start, to: start })).find(
    (sealed) => sealed.measurand === day.measurand && sealed.date === day.date,
  );
  if (inForce && inForce.version > day.version) return 'superseded';
  const row = await dayNow(client, day);
  const meter = (await loadIntervalMeters(client, [day.meterId])).get(day.meterId);
  const [known] = row && meter ? await daysWithContent(client, meter, [row]) : [];
  if (!known || known.content.intervals.length === 0) return 'readingsGone';
  if (sealedContentHash(known.content) !== day.contentHash)
    return known.content.readings.length === 0 ? 'readingsGone' : 'changedSince';
  return { name: sampleName(day), bytes: encoder.encode(sealedContentText(known.content)) };
}
