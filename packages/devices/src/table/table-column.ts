/** Columns of a register table as Legrand lays them out (guide p. 120), and three of ours that may be added. */
export const tableColumns = [
  'number',
  'decimal',
  'hexadecimal',
  'words',
  'bit',
  'description',
  'type',
  'scale',
  'unit',
  'range',
  'note',
  'functionCode',
  'storing',
  'measurand',
  'wordOrder',
  'notAvailable',
] as const;
export type TableColumn = (typeof tableColumns)[number];

/** Heads as they are printed, in small letters without brackets and repeated blanks. */
const heads: Readonly<Record<string, TableColumn>> = {
  'register number': 'number',
  number: 'number',
  'register address dec': 'decimal',
  'address dec': 'decimal',
  dec: 'decimal',
  address: 'decimal',
  'register address hex': 'hexadecimal',
  'address hex': 'hexadecimal',
  hex: 'hexadecimal',
  'dimension word': 'words',
  dimension: 'words',
  words: 'words',
  'bit position': 'bit',
  bit: 'bit',
  description: 'description',
  type: 'type',
  scale: 'scale',
  unit: 'unit',
  range: 'range',
  note: 'note',
  'read function code dec': 'functionCode',
  'read function code': 'functionCode',
  'function code': 'functionCode',
  'data storing 2': 'storing',
  'data storing': 'storing',
  measurand: 'measurand',
  'word order': 'wordOrder',
  'not available': 'notAvailable',
};

/** The column of a head, or undefined where it is none of the layout. */
export const columnOfHead = (head: string): TableColumn | undefined =>
  heads[
    head
      .toLowerCase()
      .replace(/[()[\]_.:]/g, ' ')
      .replace(/\s+/g, ' ')
      .trim()
  ];
