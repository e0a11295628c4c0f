import { z } from 'zod';
import { instant, measurandName } from './value.ts';

export const exportFormats = ['csv', 'parquet'] as const;
export const exportSeparators = ['comma', 'semicolon', 'tab'] as const;
export const exportDecimals = ['point', 'comma'] as const;

/** Most meters of one file, and the longest stretch. */
export const exportLimits = { meters: 500, days: 20 * 366 } as const;

const common = {
  meters: z
    .string()
    .regex(/^\d{1,10}(,\d{1,10})*$/, 'meter ids separated by commas')
    .transform((text) => [...new Set(text.split(',').map(Number))])
    .refine((list) => list.length <= exportLimits.meters, `at most ${exportLimits.meters} meters`)
    .refine((list) => list.every((id) => id > 0 && id <= 2_147_483_647), 'meter ids are positive integers'),
  measurands: z
    .string()
    .transform((text) => [...new Set(text.split(','))])
    .pipe(z.array(measurandName).min(1))
    .optional(),
  from: instant,
  to: instant,
  format: z.enum(exportFormats).default('csv'),
  separator: z.enum(exportSeparators).default('comma'),
  decimal: z.enum(exportDecimals).default('point'),
  /** IANA zone of the column of local time; left out: of each meter's site. */
  timeZone: z.string().min(1).max(64).optional(),
};
const columnsDiffer = {
  path: ['decimal'],
  message: 'a decimal comma needs another separator than the comma',
};
type Columns = { readonly separator: string; readonly decimal: string };
const isReadable = ({ separator, decimal }: Columns): boolean =>
  !(separator === 'comma' && decimal === 'comma');

/** GET /exports/readings : raw readings as a file, one row for each reading. */
export const readingsExportQuery = z.object(common).refine(isReadable, columnsDiffer);
export type ReadingsExportQuery = z.infer<typeof readingsExportQuery>;

/** GET /exports/intervals : kept intervals as a file, one row for each interval of a meter and measurand. */
export const intervalsExportQuery = z
  .object({ ...common, resolution: z.enum(['base', 'hour', 'day', 'month']).default('base') })
  .refine(isReadable, columnsDiffer);
export type IntervalsExportQuery = z.infer<typeof intervalsExportQuery>;
