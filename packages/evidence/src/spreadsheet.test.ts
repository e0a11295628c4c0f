import { auditCoverage, type CoverageInput } from '@wattproof/energy';
import { beforeAll, describe, expect, test } from 'vitest';
import { readArchive } from './archive.ts';
import { bundleFixture, type Fixture } from './bundle.fixture.ts';
import type { AccountFile, EnpiEntry } from './bundle-form.ts';
import { spreadsheetBytes } from './spreadsheet.ts';
import { englishWords } from './spreadsheet-words.ts';
import { checkCoverage } from './verify-figures.ts';
import { columnName } from './workbook.ts';

/**
 * A reader of workbooks that shares nothing with the writer but the standard: it takes values and formulas out of the file and
 * computes them, as the program of an auditor does.
 */
class Workbook {
  private readonly cells = new Map<string, string>();
  private readonly results = new Map<string, unknown>();

  constructor(bytes: Uint8Array, sheet: number) {
    const read = readArchive(bytes);
    if (!read.ok) throw new Error(read.fault.message);
    const part = read.entries.find(({ name }) => name === `xl/worksheets/sheet${sheet}.xml`);
    const xml = new TextDecoder().decode(part?.bytes);
    for (const [, at = '', inner = ''] of xml.matchAll(/<c r="([A-Z]+\d+)"[^>]*>(.*?)<\/c>/g)) {
      const plain = inner
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>')
        .replaceAll('&quot;', '"')
        .replaceAll('&amp;', '&');
      const formula = /<f>(.*)<\/f>/.exec(plain)?.[1];
      const value = /<v>(.*)<\/v>/.exec(plain)?.[1];
      const text = /<t[^>]*>(.*)<\/t>/.exec(plain)?.[1];
      this.cells.set(at, formula === undefined ? (value ?? JSON.stringify(text)) : `=${formula}`);
    }
  }

  get formulas(): number {
    return [...this.cells.values()].filter((cell) => cell.startsWith('=')).length;
  }

  value(at: string): unknown {
    const known = this.results.get(at);
    if (known !== undefined) return known;
    const cell = this.cells.get(at);
    const result =
      cell === undefined ? '' : cell.startsWith('=') ? this.compute(cell.slice(1)) : JSON.parse(cell);
    this.results.set(at, result);
    return result;
  }

  number(at: string): number {
    return Number(this.value(at));
  }

  private range(from: string, to: string): unknown[] {
    const split = (at: string): [string, number] => [at.replace(/\d+/, ''), Number(at.replace(/\D+/, ''))];
    const [[column, first], [, last]] = [split(from), split(to)];
    return Array.from({ length: last - first + 1 }, (_, i) => this.value(`${column}${first + i}`));
  }

  /** Every formula of the file is arithmetic of cells and of these functions. */
  private compute(formula: string): unknown {
    const script = formula
      .replaceAll('$', '')
      .replace(/([A-Z]{1,2}\d+):([A-Z]{1,2}\d+)/g, '...range("$1","$2")')
      .replace(/(?<!["\w])([A-Z]{1,2}\d+)(?!["\w(])/g, 'cell("$1")')
      .replace(/(?<![<>=])=(?!=)/g, '===');
    const functions = {
      cell: (at: string) => this.value(at),
      range: (from: string, to: string) => this.range(from, to),
      SUM: (...list: unknown[]) => list.reduce<number>((sum, one) => sum + Number(one), 0),
      MIN: (...list: unknown[]) => Math.min(...list.map(Number)),
      MAX: (...list: unknown[]) => Math.max(...list.map(Number)),
      IF: (condition: unknown, yes: unknown, no: unknown) => (condition ? yes : no),
      // Four ranges of one length: values, places and the place, marks and 0, signs and 1.
      SUMIFS: (...list: unknown[]) => {
        const n = (list.length - 3) / 4;
        const at = (start: number, i: number): unknown => list[start + i];
        const [place, mark, sign] = [list[2 * n], list[3 * n + 1], list[4 * n + 2]];
        return Array.from({ length: n }, (_, i) => i)
          .filter((i) => at(n, i) === place && at(2 * n + 1, i) === mark && at(3 * n + 2, i) === sign)
          .reduce((sum, i) => sum + Number(at(0, i)), 0);
      },
      AND: (...list: unknown[]) => list.every(Boolean),
      ISNUMBER: (one: unknown) => typeof one === 'number',
      ROUND: (one: number, digits: number) => Number(one.toFixed(digits)),
      ROUNDDOWN: (one: number, digits: number) => Math.trunc(one * 10 ** digits) / 10 ** digits,
    };
    return new Function(...Object.keys(functions), `return ${script}`)(...Object.values(functions));
  }
}

let fixture: Fixture;
beforeAll(async () => {
  fixture = await bundleFixture();
});
const bytesOf = (name: string): Uint8Array => {
  const file = fixture.files.find((one) => one.name === name);
  if (!file) throw new Error(`the bundle has no ${name}`);
  return file.bytes;
};
const json = <Content>(name: string): Content =>
  JSON.parse(new TextDecoder().decode(bytesOf(name))) as Content;

describe('the spreadsheet of a bundle', () => {
  test('computes the coverage that is stated from its own cells', () => {
    const book = new Workbook(bytesOf('data/figures.xlsx'), 1);
    const { input, stated } = json<AccountFile>('data/account.json');
    expect(book.formulas).toBeGreaterThan((input.bills as unknown[]).length * 3);
    expect(book.number('B7')).toBe(Number(stated?.share_percent));
    expect(book.number('B5')).toBeCloseTo(Number(stated?.total), 3);
    expect(book.number('B9')).toBe(0);
  });

  test('computes the saving that is stated, with its adjustment, from its own cells', () => {
    const book = new Workbook(bytesOf('data/figures.xlsx'), 2);
    const [enpi] = json<EnpiEntry[]>('data/enpis.json');
    expect(book.number('B4')).toBe(enpi?.stated.knownDays);
    expect(book.number('B6')).toBeCloseTo(enpi?.stated.savings_wh ?? Number.NaN, 6);
    expect(book.number('B8')).toBeCloseTo(0, 6);
  });

  test('has the words that the account brings, and the same figures', () => {
    const account = json<AccountFile>('data/account.json');
    const words = { ...englishWords, total: 'Summe', 'kind.purchased': 'Bezogen' };
    const book = new Workbook(spreadsheetBytes({ ...account, words }, []), 1);
    expect(book.value('A5')).toBe('Summe');
    expect(book.value('A6')).toBe('In scope');
    expect(book.number('B7')).toBe(Number(account.stated?.share_percent));
  });

  test('a changed bill changes what the cells give', () => {
    const account = json<AccountFile>('data/account.json');
    const [first, ...rest] = account.input.bills as { energy_kwh: string }[];
    const bills = [{ ...first, energy_kwh: '900', amount: '900.00' }, ...rest];
    const changed = spreadsheetBytes({ ...account, input: { ...account.input, bills } }, []);
    expect(new Workbook(changed, 1).number('B9')).not.toBe(0);
  });

  test('an audited use counts with its share of what its site draws and is not audited', () => {
    const account = json<AccountFile>('data/account.json');
    const whole = account.input as unknown as CoverageInput;
    const [point] = whole.points;
    if (!point) throw new Error('the account has no point');
    const input: CoverageInput = {
      ...whole,
      points: whole.points.map((one) => ({ ...one, siteId: 'site', carrier: 'electricity' })),
      rows: [],
      scope: [{ deliveryPointId: point.id, included: false, reason: 'large' }],
      uses: [
        { siteId: 'site', carrier: 'electricity', energyUse: 'lighting', share: '0.4', limit_percent: null },
        { siteId: 'site', carrier: 'electricity', energyUse: 'cooling', share: '0.9', limit_percent: null },
      ],
    };
    const result = auditCoverage(input);
    if (!result.ok) throw new Error('the coverage was refused');
    const { inScope, total, share_percent, unit } = result.onRule;
    expect(share_percent).toBe('100.00');
    const book = new Workbook(
      spreadsheetBytes(
        {
          input: input as unknown as AccountFile['input'],
          coverageVersion: 2,
          stated: { inScope, total, share_percent, unit },
        },
        [],
      ),
      1,
    );
    expect(book.number('B7')).toBe(100);
    expect(book.number('B6')).toBeCloseTo(Number(inScope), 3);
  });

  test('the first version of the coverage counts all days of a bill', () => {
    const account = json<AccountFile>('data/account.json');
    const whole = account.input as unknown as CoverageInput;
    const input = { ...whole, points: whole.points.map((one) => ({ ...one, validTo: '2020-01-01' })) };
    const result = auditCoverage(input, 1);
    if (!result.ok) throw new Error('the coverage was refused');
    const { inScope, total, share_percent, unit } = result.onRule;
    const stated = { inScope, total, share_percent, unit };
    const file = { input: input as unknown as AccountFile['input'], coverageVersion: 1, stated };
    expect(new Workbook(spreadsheetBytes(file, []), 1).number('B9')).toBe(0);
    expect(checkCoverage(file)).toBe(whole.bills.length);
    expect(() => checkCoverage({ ...file, coverageVersion: 9 })).toThrow(/version 9/);
  });

  test('columns are named as programs name them', () => {
    expect([0, 25, 26, 51, 52, 701, 702].map(columnName)).toEqual(['A', 'Z', 'AA', 'AZ', 'BA', 'ZZ', 'AAA']);
  });
});
