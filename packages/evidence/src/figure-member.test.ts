import { expect, test } from 'vitest';
import { entry, findMember } from './figure-member.ts';

const answer = {
  timeZone: 'Europe/Paris',
  rows: [
    { id: null, carrier: 'gas', share: 0.2, cost: { amount: '12.50', currency: 'EUR' } },
    { id: 'Ofen 1.2 [alt], 50 %', carrier: 'gas', share: 0.8, values: [1, null, 3] },
  ],
};

test('an entry is found by what identifies it, whatever signs its name has', () => {
  expect(findMember(answer, 'rows[id=null].cost.amount')).toMatchObject({
    value: '12.50',
    pattern: 'rows[].cost.amount',
  });
  const place = `${entry('rows', { id: 'Ofen 1.2 [alt], 50 %', carrier: 'gas' })}.share`;
  const found = findMember(answer, place);
  expect(found).toMatchObject({ value: 0.8, pattern: 'rows[].share' });
  expect(found?.owners).toEqual([answer.rows[1], answer]);
});

test('a number of a column is found by its position', () => {
  expect(findMember(answer, `${entry('rows', { share: 0.8 })}.values[2]`)).toMatchObject({
    value: 3,
    pattern: 'rows[].values[]',
  });
});

test.each([
  '',
  'rows',
  'rows[id=nobody].share',
  'rows[0].volume',
  'toString',
  'rows[0]..share',
  'timeZone[0]',
])('"%s" leads nowhere, or to no number', (place) => {
  expect(typeof findMember(answer, place)?.value).not.toBe('number');
});
