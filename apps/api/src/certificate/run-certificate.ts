import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { type CertificateResult, certificateCases, type ReadInput, runCase } from '@wattproof/energy';

/** Folder of the calculation that this process runs: sources and reference inputs lie side by side. */
const calculation = new URL('../', import.meta.resolve('@wattproof/energy'));

const readFixture: ReadInput = (file) => {
  const bytes = readFileSync(new URL(`fixtures/${file}`, calculation));
  return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
};

/** SHA-256 over path and content of every source file of the calculation; tests are not part of it. */
function sourceDigest(): string {
  const folder = new URL('src/', calculation);
  const files = readdirSync(fileURLToPath(folder), { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.ts') && !/\.(test|fixture)\.ts$/.test(file))
    .sort();
  const hash = createHash('sha256');
  for (const file of files) {
    hash.update(`${file}\0`);
    hash.update(readFileSync(new URL(file, folder)));
  }
  return hash.digest('hex');
}

export interface CertificateRun {
  readonly sourceSha256: string;
  readonly duration_ms: number;
  readonly cases: readonly CertificateResult[];
}

/** Runs every reference case on the calculation of this process. */
export function runCertificate(): CertificateRun {
  const begun = performance.now();
  const cases = certificateCases.map((one) => runCase(one, readFixture));
  return { sourceSha256: sourceDigest(), duration_ms: Math.round(performance.now() - begun), cases };
}
