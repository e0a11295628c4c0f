// Reproduces coverage and savings from a bundle without any code of the product: what an auditor's own script would do.
//   node reproduce.mjs BUNDLE
import { readFileSync } from 'node:fs';

const file = readFileSync(process.argv[2]);

/** Entries of the archive: uncompressed, one after the other. */
const entries = new Map();
for (let at = 0; file.readUInt32LE(at) === 0x04034b50; ) {
  const size = file.readUInt32LE(at + 18);
  const from = at + 30 + file.readUInt16LE(at + 26);
  entries.set(file.toString('utf8', at + 30, from), file.subarray(from, from + size));
  at = from + size;
}
const json = (name) => JSON.parse(entries.get(name).toString('utf8'));

// Coverage: bills by days within the period, exact to 10⁻⁹ kWh in integers.
const { input } = json('data/account.json');
const days = (date) => Date.parse(`${date}T00:00:00Z`) / 86_400_000;
const nano = (decimal) => {
  const [whole, part = ''] = decimal.split('.');
  return BigInt(whole) * 10n ** 9n + BigInt(part.padEnd(9, '0').slice(0, 9));
};
const isBill = input.rule.basis === 'energyBill';
const included = new Set(input.scope.filter((one) => one.included).map((one) => one.deliveryPointId));
let total = 0n;
let inScope = 0n;
for (const bill of input.bills) {
  const from = Math.max(days(bill.from), days(input.period.from));
  const to = Math.min(days(bill.to), days(input.period.to));
  if (to <= from) continue;
  const amount =
    (nano(isBill ? bill.amount : bill.energy_kwh) * BigInt(to - from)) /
    BigInt(days(bill.to) - days(bill.from));
  total += amount;
  if (included.has(bill.deliveryPointId)) inScope += amount;
}
for (const row of input.rows ?? []) {
  const sign = { count: 1n, deduct: -1n, ignore: 0n }[input.rule.account[row.kind]];
  if (isBill) continue;
  total += sign * nano(row.energy_kwh);
  if (row.included) inScope += sign * nano(row.energy_kwh);
}
// Cut off after two digits, as the rule asks.
const hundredths = (10_000n * inScope) / total;
const share_percent = `${hundredths / 100n}.${String(hundredths % 100n).padStart(2, '0')}`;

// Savings: Σ(expected − actual) over the days of the reporting period on which everything is known.
const value = (day, variable) => {
  if (variable.kind === 'given') return day.given[variable.name];
  if (day.temperature_c === null) return null;
  const difference = variable.base_c - day.temperature_c;
  return Math.max(0, variable.kind === 'heating' ? difference : -difference);
};
const touches = ({ from, to }, date) => date >= from && (to === null || date < to);
const enpis = json('data/enpis.json').map(({ name, model, days: list, reporting, adjustments }) => {
  let expected = 0;
  let actual = 0;
  for (const day of list) {
    if (day.date < reporting.from || day.date >= reporting.to || day.actual_wh === null) continue;
    // An approved event adds to what is expected on each of its days.
    for (const event of adjustments) if (touches(event, day.date)) expected += event.energy_wh_per_day;
    const values = model.variables.map((variable) => value(day, variable));
    if (values.includes(null)) continue;
    expected += model.coefficients.reduce(
      (sum, { value: b }, i) => sum + b * (i === 0 ? 1 : values[i - 1]),
      0,
    );
    actual += day.actual_wh;
  }
  return { name, savings_wh: expected - actual };
});

process.stdout.write(`${JSON.stringify({ share_percent, enpis })}\n`);
