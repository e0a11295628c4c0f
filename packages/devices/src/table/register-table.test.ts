import { describe, expect, it } from 'vitest';
import { decode } from '../decode.ts';
import { readRegisterTable, type TableAbout, type TableError } from './register-table.ts';
import { measurandOfDescription, unitFactorOf } from './table-measurand.ts';

const about: TableAbout = {
  id: 'own-meter',
  maker: 'Legrand',
  title: 'Uploaded',
  models: ['0 046 83'],
  source: 'guide p. 120',
};

// The table of the guide, p. 120, cell by cell; its two halves put side by side.
const guide = `Register number\tRegister address (Dec)\tRegister address (Hex)\tDimension (word)\tBit position\tDescription\tType\tScale\tUnit\tRange\tNote\tRead Function Code (Dec)\tData Storing (2)
51079\t51078\tC786\t2\t\tMax/avg P+\tUnsigned long\t0.01\tkW\t\tNOTE1\t3\t
51081\t51080\tC788\t2\t\tMax/avg P-\tUnsigned long\t0.01\tkW\t\tNOTE1\t3\t
51083\t51082\tC78A\t2\t\tMax/avg Q+\tUnsigned long\t0.01\tkvar\t\tNOTE1\t3\t
51085\t51084\tC78C\t2\t\tMax/avg Q-\tUnsigned long\t0.01\tkvar\t\tNOTE1\t3\t
51087\t051086\tC78E\t2\t\tMax/avg S\tUnsigned long\t0.01\tkVA\t\tNOTE1\t3\t
51281\t51280\tC850\t30\t\tMeasure - Metrology Not Affected by current and voltage transformers\t\t\t\t\t\t\t
51281\t51280\tC850\t1\t\tHour meter\tUnsigned word\t1\th\t\tNOTE1\t3\t
51282\t51281\tC851\t1\t\tPhase to Phase Voltage: U12\tUnsigned word\t0.01\tV\t\tNOTE1\t3\t
51283\t51282\tC852\t1\t\tPhase to Phase Voltage: U23\tUnsigned word\t0.01\tV\t\tNOTE1\t3\t
51284\t51283\tC853\t1\t\tPhase to Phase Voltage: U31\tUnsigned word\t0.01\tV\t\tNOTE1\t3\t
51285\t51284\tC854\t1\t\tSimple Voltage: V1\tUnsigned word\t0.01\tV\t\tNOTE1\t3\t
51286\t51285\tC855\t1\t\tSimple Voltage: V2\tUnsigned word\t0.01\tV\t\tNOTE1\t3\t
51287\t51286\tC856\t1\t\tSimple Voltage: V3\tUnsigned word\t0.01\tV\t\tNOTE1\t3\t
51288\t51287\tC857\t1\t\tFrequency: F\tUnsigned word\t0.01\tHz\t\tNOTE1\t3\t
51289\t51288\tC858\t1\t\tCurrent: I1\tUnsigned word\t1\tmA\t\tNOTE1\t3\t
51290\t51289\tC859\t1\t\tCurrent: I2\tUnsigned word\t1\tmA\t\tNOTE1\t3\t`;
const rowsOf = (text: string): string[][] => text.split('\n').map((line) => line.split('\t'));

describe('the register table of the guide', () => {
  it('becomes a profile that decodes its registers', () => {
    const result = readRegisterTable(rowsOf(guide), about);
    if (!result.ok) throw new Error(JSON.stringify(result.errors));
    expect(result.profile.points).toHaveLength(15);
    expect(result.skippedRows).toEqual([7]);
    expect(result.attributes.map((a) => a.row)).toEqual([3, 4, 5, 6]);
    expect(result.profile).toMatchObject({ trust: 'documented', verified: false, functionCode: 3 });
    const words = new Map([
      [51_078, 0],
      [51_079, 1234],
      [51_280, 17],
      [51_281, 40_012],
      [51_287, 4998],
      [51_288, 1500],
    ]);
    expect(decode(result.profile, { words }).values).toEqual({
      demand_power_max_w: 12_340,
      operating_time_s: 61_200,
      voltage_l1_l2_v: 400.12,
      frequency_hz: 49.98,
      current_l1_a: 1.5,
    });
  });
});

const head =
  'Register number\tRegister address (Dec)\tRegister address (Hex)\tDimension (word)\tDescription\tType\tScale\tUnit\tRange\tRead Function Code (Dec)\tMeasurand\tWord order\tNot available';
const errorsOf = (...lines: string[]): readonly TableError[] => {
  const result = readRegisterTable(rowsOf([head, ...lines].join('\n')), about);
  return result.ok ? [] : result.errors;
};
const first = (line: string): [number, string, string] | undefined => {
  const [error] = errorsOf(line);
  return error && [error.row, error.field, error.value];
};

describe('what is wrong with a table', () => {
  it('is said with row, field, value and reason', () => {
    expect(first('101\t101\t\t1\tFrequency\tUnsigned word\t0.1\tHz')).toEqual([2, 'number', '101']);
    expect(first('102\t101\t66\t1\tFrequency\tUnsigned word\t0.1\tHz')).toEqual([2, 'hexadecimal', '66']);
    expect(first('\tx1\t\t1\tFrequency\tUnsigned word\t0.1\tHz')).toEqual([2, 'decimal', 'x1']);
    expect(first('\t65535\t\t2\tFrequency\tUnsigned long\t0.1\tHz')).toEqual([2, 'decimal', '65535']);
    expect(first('\t1\t\t5\tFrequency\tUnsigned word\t0.1\tHz')).toEqual([2, 'words', '5']);
    expect(first('\t1\t\t2\tFrequency\tUnsigned word\t0.1\tHz')).toEqual([2, 'words', '2']);
    expect(first('\t1\t\t1\tFrequency\tnumber\t0.1\tHz')).toEqual([2, 'type', 'number']);
    expect(first('\t1\t\t1\tFrequency\tUnsigned word\t0\tHz')).toEqual([2, 'scale', '0']);
    expect(first('\t1\t\t1\tFrequency\tUnsigned word\t0.1\tfurlong')).toEqual([2, 'unit', 'furlong']);
    expect(first('\t1\t\t1\tFrequency\tUnsigned word\t0.1\tkW')).toEqual([2, 'unit', 'kW']);
    expect(first('\t1\t\t1\tFrequency\tUnsigned word\t0.1\tHz\t5 to 1')).toEqual([2, 'range', '5 to 1']);
    expect(first('\t1\t\t1\tFrequency\tUnsigned word\t0.1\tHz\t\t5')).toEqual([2, 'functionCode', '5']);
    expect(first('\t1\t\t1\tx\tUnsigned word\t1\tHz\t\t3\tfrequency')).toEqual([2, 'measurand', 'frequency']);
    expect(first('\t1\t\t1\tx\tUnsigned word\t1\tHz\t\t3\t\tsideways')).toEqual([2, 'wordOrder', 'sideways']);
    expect(first('\t1\t\t1\tx\tUnsigned word\t1\t\t\t3\t\t\tFFFFF')).toEqual([2, 'notAvailable', 'FFFFF']);
  });

  it('is all said at once, and nothing is taken', () => {
    const errors = errorsOf(
      '\t10\t\t2\tActive power\tSigned long\t1\tW',
      '\t11\t\t1\tFrequency\tUnsigned word\t0.1\tHz',
      '\t20\t\t1\tFrequency: F\tUnsigned word\t0.1\tHz',
      '\t30\t\t1\tSomething\tUnsigned word\tten\tV',
    );
    expect(errors.map((e) => [e.row, e.field])).toEqual([
      [3, 'decimal'],
      [4, 'measurand'],
      [5, 'scale'],
    ]);
    expect(errors[0]?.reason).toBe('address 11 belongs to row 2 already');
  });

  it('is said of the whole table where there is no row to say it of', () => {
    const reason = (rows: string[][]): string => {
      const result = readRegisterTable(rows, about);
      return result.ok ? '' : (result.errors[0]?.reason ?? '');
    };
    expect(reason([])).toContain('no head');
    expect(reason([['a', 'b', 'c']])).toContain('no head');
    expect(reason([['Description', 'Type', 'Scale']])).toContain('address is missing');
    expect(reason([['Dec', 'Description', 'Type']])).toContain('words');
    expect(reason([['Dec', 'Hex', 'Dec', 'Words', 'Description', 'Type']])).toContain('twice');
    expect(reason(rowsOf(head))).toContain('nothing to read');
    expect(reason(new Array(2001).fill(['']))).toContain('2000 rows');
    const mixed = errorsOf(
      '\t1\t\t1\tFrequency\tUnsigned word\t0.1\tHz\t\t3',
      '\t2\t\t1\tHour meter\tUnsigned word\t1\th\t\t4',
    );
    expect(mixed.map((e) => [e.row, e.field])).toEqual([[3, 'functionCode']]);
    const narrow = readRegisterTable(rowsOf(`${head}\n\t1\t\t2\tActive power\tSigned long\t1\tW`), {
      ...about,
      maxWords: 1,
    });
    expect(narrow.ok ? '' : narrow.errors[0]?.reason).toContain('does not fit');
  });
});

describe('cells', () => {
  it('read word order, markers, ranges and signs', () => {
    const line = '\t10\t\t2\tActive power\tSigned long\t1/100\tkW\t-100 .. 100\t4\t\tlow first\t7FFFFFFFh';
    const result = readRegisterTable(rowsOf(`${head}\n${line}`), about);
    if (!result.ok) throw new Error(JSON.stringify(result.errors));
    expect(result.profile.functionCode).toBe(4);
    expect(result.profile.points).toEqual([
      {
        key: 'active_power_w',
        address: 10,
        type: 's32',
        wordOrder: 'lowFirst',
        measurand: 'active_power_w',
        scale: { multiply: 10 },
        range: { min: -100_000, max: 100_000 },
        notAvailable: [0x7fffffff],
      },
    ]);
  });

  it('know units and descriptions', () => {
    expect(unitFactorOf('kW')).toEqual({ unit: 'W', multiply: 1000, divide: 1 });
    expect(unitFactorOf('mA')).toEqual({ unit: 'A', multiply: 1, divide: 1000 });
    expect(unitFactorOf('MWh')).toEqual({ unit: 'Wh', multiply: 1_000_000, divide: 1 });
    expect(unitFactorOf('kVArh')).toEqual({ unit: 'varh', multiply: 1000, divide: 1 });
    expect(unitFactorOf('m³')).toEqual({ unit: 'l', multiply: 1000, divide: 1 });
    expect(unitFactorOf('furlong')).toBeUndefined();
    expect(measurandOfDescription('Simple Voltage: V2')).toBe('voltage_l2_n_v');
    expect(measurandOfDescription('Current: In')).toBe('current_n_a');
    expect(measurandOfDescription('Partial active energy')).toBe('active_energy_partial_wh');
    expect(measurandOfDescription('Serial number')).toBeUndefined();
  });
});
