import 'reflect-metadata';
import { certificate } from '@wattproof/contracts/api';
import { expect, it } from 'vitest';
import { CertificateService } from './certificate.service.ts';

it('runs every published case in a thread, states what ran, and shares one run', async () => {
  const service = new CertificateService();
  let turns = 0;
  const timer = setInterval(() => turns++, 5);
  const [first, second] = await Promise.all([service.read(), service.read()]);
  clearInterval(timer);
  expect(second).toBe(first);
  // The thread of the API kept turning while the cases ran.
  expect(turns).toBeGreaterThan(10);
  expect(certificate.parse(first)).toEqual(first);
  expect(first.cases.flatMap(({ checks }) => checks.filter(({ passed }) => !passed))).toEqual([]);
  expect(first.cases.map(({ failure }) => failure).filter(Boolean)).toEqual([]);
  expect(first).toMatchObject({ passed: true, checksPassed: first.checks });
  expect(first.commit ?? '0'.repeat(40)).toMatch(/^[0-9a-f]{40}$/);
}, 60_000);
