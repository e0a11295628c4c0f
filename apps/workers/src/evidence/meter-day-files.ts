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

/** The sealed days of some sites as files, and the tree of their lines. */
export async function meterDayFiles(
  client: ClientBase,
  siteIds: readonly string[],
  {
    days,
    onSite,
  }: {
    readonly days: { readonly from: LocalDate; readonly to: LocalDate };
    readonly onSite: (done: number) => Promise<void>;
  },
): Promise<MeterDayFiles> {
  const leaves = new LeafHashes();
  const index = new MeterDayIndex();
  const files: ArchiveEntry[] = [];
  for (const siteId of [...siteIds].sort()) {
    const lines = [meterDayHeader];
    const starts: number[] = [];
    let at = meterDayHeader.length + 1;
    for (const { seal, sealedAt: _sealedAt, ...day } of await sealedDaysOfSite(client, siteId, days)) {
      const text = meterDayText(day);
      leaves.add(meterDayLeaf(text));
      const line = `${seal},${text}`;
      lines.push(line);
      starts.push(at);
      // Every character of a line is one byte.
      at += line.length + 1;
    }
    const bytes = encoder.encode(`${lines.join('\n')}\n`);
    index.begin(bytes);
    for (const start of starts) index.add(start);
    files.push({ name: daysName(siteId), bytes });
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
