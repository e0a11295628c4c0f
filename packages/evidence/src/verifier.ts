/**
 * The verifier that is handed out beside a bundle, built into one file:
 *
 *   node verify.mjs BUNDLE [--fingerprint TEXT] [--anchor TEXT] [--json]
 *
 * Ends with 0 where the bundle is intact, 3 where it agrees with itself only, 1 where it is broken, 2 where it cannot be run.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Check, CheckName, Outcome, Verification } from './verification.ts';
import { verifyBundle } from './verify-bundle.ts';

const usage = `Usage: node verify.mjs BUNDLE [--fingerprint TEXT] [--anchor TEXT] [--json]

Fingerprint and anchor must come from outside the bundle: from the letter or the e-mail that announced it, or by
telephone. Without them a bundle that somebody made anew with a key of their own looks intact.
`;

const titles: Readonly<Record<CheckName, string>> = {
  archive: 'File packed in its one canonical form',
  manifest: 'Every file is the one the manifest names',
  signature: 'Signed by a key of the organisation, not revoked',
  fingerprint: 'Key has the fingerprint obtained outside',
  chain: 'Chain of records unbroken',
  anchor: 'Chain contains the anchor obtained outside',
  seals: 'Meter-days as they were sealed or restated',
  tree: 'Merkle tree of the meter-days',
  samples: 'Sampled days computed again from their readings',
  sums: 'Energy sums of the meters',
  coverage: 'Audit coverage computed again from bills and scope',
  enpis: 'EnPI savings computed again',
  spreadsheet: 'Spreadsheet made again from account and EnPIs',
  report: 'Report is the one that was issued',
};
const marks = { passed: 'ok  ', failed: 'FAIL', notDone: '--  ' } as const;
const verdicts: Readonly<Record<Outcome, string>> = {
  intact: 'INTACT: everything agrees, and with what was obtained outside the bundle.',
  unanchored:
    'AGREES WITH ITSELF ONLY: give --fingerprint and --anchor, obtained outside the bundle, to exclude one made anew.',
  broken: 'BROKEN: this bundle is not what was issued.',
};
const exitCodes: Readonly<Record<Outcome, number>> = { intact: 0, broken: 1, unanchored: 3 };

const checkLine = ({ name, state, counts }: Check): string => {
  const numbers = Object.entries(counts).map(([what, count]) => `${what} ${count}`);
  return `${marks[state]}  ${titles[name]}${numbers.length > 0 ? ` (${numbers.join(', ')})` : ''}`;
};

function summaryText({ bundle }: Verification): string {
  if (!bundle) return '';
  return [
    `${bundle.audit} of ${bundle.entity} (${bundle.organisation}), ${bundle.from} to ${bundle.to}`,
    `made at     ${bundle.createdAt}`,
    `fingerprint ${bundle.fingerprint}`,
    `anchor      ${bundle.anchor}`,
    `meter-days  ${bundle.meterDays}, of which ${bundle.restatedDays} restated; the sample bounds the share of wrong ones at ${(100 * bundle.errorBound).toFixed(1)} % (95 % confidence)`,
    '',
  ].join('\n');
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      fingerprint: { type: 'string' },
      anchor: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const [path] = positionals;
  if (path === undefined || positionals.length > 1) {
    process.stderr.write(usage);
    return 2;
  }
  const verification = await verifyBundle(
    readFileSync(path),
    { fingerprint: values.fingerprint, anchor: values.anchor },
    (check) => {
      if (!values.json) process.stdout.write(`${checkLine(check)}\n`);
    },
  );
  const { firstDifference, outcome } = verification;
  if (values.json) process.stdout.write(`${JSON.stringify(verification, null, 2)}\n`);
  else {
    process.stdout.write(`\n${summaryText(verification)}\n${verdicts[outcome]}\n`);
    if (firstDifference)
      process.stdout.write(`First difference: ${firstDifference.place}: ${firstDifference.message}\n`);
    process.stdout.write('This proves integrity. It is no qualified electronic signature.\n');
  }
  return exitCodes[outcome];
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    process.exitCode = 2;
  },
);
