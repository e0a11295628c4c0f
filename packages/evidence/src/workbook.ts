/**
 * A workbook (Office Open XML, ECMA-376) of values and live formulas. Formulas carry no stored results: whatever a program
 * shows it has computed itself. The same sheets give the same bytes.
 */
import { packArchive } from './archive.ts';

/** A number, a text, or a formula as it is typed, without the equals sign. */
export type Cell =
  | number
  | string
  | { readonly formula: string; readonly format?: CellFormat }
  | DateCell
  | null;
/** Days since 30 December 1899, as programs count them. */
export interface DateCell {
  readonly date: string;
}
export type CellFormat = 'plain' | 'date' | 'bold' | 'twoDecimals';

export interface Sheet {
  readonly name: string;
  readonly rows: readonly (readonly Cell[])[];
  /** Rows at the top that are set in bold. */
  readonly heads: number;
}

const formats: Readonly<Record<CellFormat, number>> = { plain: 0, date: 1, bold: 2, twoDecimals: 3 };
const firstDay_ms = Date.UTC(1899, 11, 30);
const day_ms = 86_400_000;

/** The number by which a program keeps a date. */
export const dateSerial = (date: string): number => (Date.parse(date) - firstDay_ms) / day_ms;

/** A, B … Z, AA …: the letters of a column counted from 0. */
export function columnName(index: number): string {
  const rest = Math.floor(index / 26) - 1;
  return `${rest < 0 ? '' : columnName(rest)}${String.fromCharCode(65 + (index % 26))}`;
}

// Signs that XML 1.0 cannot hold at all are left out.
const forbidden = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;
const xml = (text: string): string =>
  text
    .replace(forbidden, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

function cellXml(cell: Cell, at: string, isHead: boolean): string {
  if (cell === null) return '';
  const style = (format: CellFormat): string => (formats[format] === 0 ? '' : ` s="${formats[format]}"`);
  if (typeof cell === 'number') return `<c r="${at}"><v>${cell}</v></c>`;
  if (typeof cell === 'string')
    return `<c r="${at}" t="inlineStr"${style(isHead ? 'bold' : 'plain')}><is><t xml:space="preserve">${xml(cell)}</t></is></c>`;
  if ('date' in cell) return `<c r="${at}"${style('date')}><v>${dateSerial(cell.date)}</v></c>`;
  return `<c r="${at}"${style(cell.format ?? 'plain')}><f>${xml(cell.formula)}</f></c>`;
}

const sheetXml = ({ rows, heads }: Sheet): string =>
  `${declaration}<worksheet xmlns="${main}"><sheetData>${rows
    .map(
      (cells, r) =>
        `<row r="${r + 1}">${cells
          .map((cell, c) => cellXml(cell, `${columnName(c)}${r + 1}`, r < heads))
          .join('')}</row>`,
    )
    .join('')}</sheetData></worksheet>`;

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const relationships = 'http://schemas.openxmlformats.org/package/2006/relationships';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const types = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

const styles = `${declaration}<styleSheet xmlns="${main}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf xfId="0"/><xf xfId="0" numFmtId="164" applyNumberFormat="1"/><xf xfId="0" fontId="1" applyFont="1"/><xf xfId="0" numFmtId="2" applyNumberFormat="1"/></cellXfs></styleSheet>`;

/** Signs that names of sheets cannot hold, and their longest length. */
const notInName = /[\\/?*[\]:']/g;
const longestName = 31;

/** Names that programs take, each once. */
function sheetNames(sheets: readonly Sheet[]): string[] {
  const names: string[] = [];
  for (const { name } of sheets) {
    const plain = name.replace(notInName, ' ').trim().slice(0, longestName) || 'Sheet';
    let unique = plain;
    for (let n = 2; names.some((one) => one.toLowerCase() === unique.toLowerCase()); n++)
      unique = `${plain.slice(0, longestName - 4)} ${n}`;
    names.push(unique);
  }
  return names;
}

export function workbookBytes(sheets: readonly Sheet[]): Uint8Array {
  const encoder = new TextEncoder();
  const entry = (name: string, text: string) => ({ name, bytes: encoder.encode(text) });
  const names = sheetNames(sheets);
  const numbers = sheets.map((_, i) => i + 1);
  return packArchive([
    entry(
      '[Content_Types].xml',
      `${declaration}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${types}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${types}.styles+xml"/>${numbers
        .map(
          (n) => `<Override PartName="/xl/worksheets/sheet${n}.xml" ContentType="${types}.worksheet+xml"/>`,
        )
        .join('')}</Types>`,
    ),
    entry(
      '_rels/.rels',
      `${declaration}<Relationships xmlns="${relationships}"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    ),
    entry(
      'xl/workbook.xml',
      `${declaration}<workbook xmlns="${main}" xmlns:r="${office}"><sheets>${names
        .map((name, i) => `<sheet name="${xml(name)}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`)
        .join('')}</sheets><calcPr calcId="0" fullCalcOnLoad="1"/></workbook>`,
    ),
    entry(
      'xl/_rels/workbook.xml.rels',
      `${declaration}<Relationships xmlns="${relationships}">${numbers
        .map(
          (n) => `<Relationship Id="rId${n}" Type="${office}/worksheet" Target="worksheets/sheet${n}.xml"/>`,
        )
        .join(
          '',
        )}<Relationship Id="rId${sheets.length + 1}" Type="${office}/styles" Target="styles.xml"/></Relationships>`,
    ),
    entry('xl/styles.xml', styles),
    ...sheets.map((sheet, i) => entry(`xl/worksheets/sheet${i + 1}.xml`, sheetXml(sheet))),
  ]);
}
