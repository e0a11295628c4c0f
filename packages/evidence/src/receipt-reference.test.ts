import { expect, test } from 'vitest';
import { parseReceiptId, receiptId } from './receipt-reference.ts';

test('a reference is read back as it was written', () => {
  const fields = {
    meterId: '12',
    measurand: 'active_energy_import_wh',
    from: '2026-10-01',
    to: '2026-11-01',
  };
  const id = receiptId('meterEnergy', fields);
  expect(id).toBe('meterEnergy~1~12~active_energy_import_wh~2026-10-01~2026-11-01');
  expect(parseReceiptId(id)).toEqual({ kind: 'meterEnergy', version: 1, ...fields });
});

test.each(['', 'meterEnergy', 'meterEnergy~2~a~b~c~d', 'bill~1~', 'bill~1~a~b', 'toString~1~a'])(
  '"%s" is no reference',
  (text) => {
    expect(parseReceiptId(text)).toBeNull();
  },
);
