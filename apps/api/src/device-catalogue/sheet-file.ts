import { inflateRawSync } from 'node:zlib';
import { AppError } from '@wattproof/runtime';
import { CsvError, parse } from 'csv-parse/sync';

export const xlsxType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
/** Largest part of a workbook once unpacked: a table of 2000 rows has a fraction of it. */
const partLimit_bytes = 20_000_000;
const columnLimit = 64;
const rowLimit = 5000;

/** Rows of a table, as text: of a CSV file, or of the first sheet of a workbook, known by its first bytes. */
export function readSheet(content: Uint8Array): string[][] {
  const isZip = content[0] === 0x50 && content[1] === 0x4b;
  return isZip ? readWorkbook(Buffer.from(content)) : readText(content);
}

/** CSV separated by comma, semicolon or tab, whichever its longest head line has most of. */
function readText(content: Uint8Array): string[][] {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    text = new TextDecoder('windows-1252').decode(content);
  }
  const heads = text.split(/\r?\n/, 20).join('\n');
  const delimiter = [',', ';', '\t'].reduce((best, candidate) =>
    heads.split(candidate).length > heads.split(best).length ? candidate : best,
  );
  try {
    return parse(text, { delimiter, bom: true, relax_column_count: true, skip_empty_lines: false });
  } catch (error) {
    if (error instanceof CsvError) throw new AppError('invalid', `The file is no CSV: ${error.message}`);
    throw error;
  }
}

const broken = (what: string): AppError =>
  new AppError('invalid', `The file is no readable workbook: ${what}`);

/** The files of a ZIP archive by name, unpacked when they are asked for. */
function archive(zip: Buffer): (name: string) => string | undefined {
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || end + 22 > zip.length) throw broken('the end of the archive is missing');
  const entries = new Map<string, { method: number; size: number; offset: number }>();
  let at = zip.readUInt32LE(end + 16);
  for (let i = zip.readUInt16LE(end + 10); i > 0; i--) {
    if (at + 46 > zip.length || zip.readUInt32LE(at) !== 0x02014b50) throw broken('its directory is damaged');
    const nameLength = zip.readUInt16LE(at + 28);
    entries.set(zip.toString('utf8', at + 46, at + 46 + nameLength), {
      method: zip.readUInt16LE(at + 10),
      size: zip.readUInt32LE(at + 20),
      offset: zip.readUInt32LE(at + 42),
    });
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return (name) => {
    const entry = entries.get(name);
    if (!entry) return undefined;
    const { offset, size, method } = entry;
    if (offset + 30 > zip.length || zip.readUInt32LE(offset) !== 0x04034b50)
      throw broken(`${name} is damaged`);
    const from = offset + 30 + zip.readUInt16LE(offset + 26) + zip.readUInt16LE(offset + 28);
    const packed = zip.subarray(from, from + size);
    if (method === 0) return packed.toString('utf8');
    if (method !== 8) throw broken(`${name} is packed in an unknown way`);
    try {
      return inflateRawSync(packed, { maxOutputLength: partLimit_bytes }).toString('utf8');
    } catch (error) {
      // zlib refuses what is damaged or unpacks to more than the limit; both are the file's fault.
      throw broken(`${name}: ${error instanceof Error ? error.message : 'cannot be unpacked'}`);
    }
  };
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const plainText = (text: string): string =>
  text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w+));/gi, (whole, decimal, hexadecimal, name) => {
    if (name) return entities[name as string] ?? whole;
    const point = decimal ? Number(decimal) : Number.parseInt(hexadecimal as string, 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });

/** Text of a string item: its runs together, without the phonetic ones. */
const textOf = (xml: string): string =>
  [...xml.replace(/<rPh[\s\S]*?<\/rPh>/g, '').matchAll(/<t(?:\s[^>]*)?>([\s\S]*?)<\/t>/g)]
    .map(([, text = '']) => plainText(text))
    .join('');

const columnOf = (reference: string): number =>
  [...reference.replace(/\d+$/, '')].reduce((sum, letter) => 26 * sum + letter.charCodeAt(0) - 64, 0) - 1;

/** A number as it is shown, not as it is stored: 0.01 and not 1.0000000000000001E-2. */
const plainNumber = (text: string): string =>
  Number.isFinite(Number(text)) ? String(Number(Number(text).toPrecision(15))) : text;

function readWorkbook(zip: Buffer): string[][] {
  const part = archive(zip);
  const workbook = part('xl/workbook.xml');
  if (!workbook) throw broken('it has no workbook');
  const [, relation] = /<sheet\s[^>]*r:id="([^"]+)"/.exec(workbook) ?? [];
  const relations = part('xl/_rels/workbook.xml.rels') ?? '';
  const line = [...relations.matchAll(/<Relationship\s[^>]*>/g)].find(([xml]) =>
    xml.includes(`Id="${relation}"`),
  );
  const [, target] = /Target="([^"]+)"/.exec(line?.[0] ?? '') ?? [];
  const sheet = target && part(target.startsWith('/') ? target.slice(1) : `xl/${target}`);
  if (!sheet) throw broken('its first sheet is missing');
  const shared = [...(part('xl/sharedStrings.xml') ?? '').matchAll(/<si>([\s\S]*?)<\/si>/g)].map(
    ([, xml = '']) => textOf(xml),
  );
  const rows: string[][] = [];
  for (const [, attributes = '', cells = ''] of sheet.matchAll(/<row\b([^>]*?)(?:\/>|>([\s\S]*?)<\/row>)/g)) {
    const number = Number(/\sr="(\d+)"/.exec(attributes)?.[1] ?? rows.length + 1);
    if (number > rowLimit) throw new AppError('tooLarge', `The sheet has more than ${rowLimit} rows`);
    while (rows.length < number) rows.push([]);
    rows[number - 1] = cellsOf(cells, shared);
  }
  return rows;
}

function cellsOf(xml: string, shared: readonly string[]): string[] {
  const row: string[] = [];
  for (const [, attributes = '', content = ''] of xml.matchAll(/<c\b([^>]*?)(?:\/>|>([\s\S]*?)<\/c>)/g)) {
    const reference = /\sr="([A-Z]+)\d+"/.exec(attributes)?.[1];
    const at = reference ? columnOf(reference) : row.length;
    if (at >= columnLimit) continue;
    while (row.length <= at) row.push('');
    const type = /\st="(\w+)"/.exec(attributes)?.[1] ?? 'n';
    const value = plainText(/<v>([\s\S]*?)<\/v>/.exec(content)?.[1] ?? '');
    row[at] =
      type === 's'
        ? (shared[Number(value)] ?? '')
        : type === 'inlineStr'
          ? textOf(content)
          : type === 'n' && value !== ''
            ? plainNumber(value)
            : value;
  }
  return row;
}
