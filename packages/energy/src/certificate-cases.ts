import type { CertificateCase } from './certificate.ts';
import { caltrackCases } from './certificate-caltrack.ts';
import { nistCases } from './certificate-nist.ts';
import { sepCases } from './certificate-sep.ts';
import { steamCases } from './certificate-steam.ts';

/** Every case of the calculation certificate, in the order in which it prints them. */
export const certificateCases: readonly CertificateCase[] = [
  ...nistCases,
  ...caltrackCases,
  ...sepCases,
  ...steamCases,
];
