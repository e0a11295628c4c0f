import { intervalsExportQuery, readingsExportQuery } from '@wattproof/contracts/api';
import { expect, test } from 'vitest';
import { exportHref } from './export-dialog.tsx';

const span = { meterId: 7, from: '2026-10-25', to: '2026-10-25', timeZone: 'Europe/Paris' };
const queryOf = (href: string): Record<string, string> =>
  Object.fromEntries(new URL(href, 'http://portal').searchParams);

test('an export runs from local midnight to local midnight, 25 hours on the longest day', () => {
  const query = readingsExportQuery.parse(queryOf(exportHref('readings', { ...span, format: 'csvLocal' })));
  expect(query).toMatchObject({
    meters: [7],
    from: '2026-10-24T22:00:00.000Z',
    to: '2026-10-25T23:00:00.000Z',
    separator: 'semicolon',
    decimal: 'comma',
  });
});

test('intervals name their resolution, in the format that is asked for', () => {
  const href = exportHref('hour', { ...span, format: 'parquet' });
  expect(href).toMatch(/^\/api\/v1\/exports\/intervals\?/);
  expect(intervalsExportQuery.parse(queryOf(href))).toMatchObject({ resolution: 'hour', format: 'parquet' });
});
