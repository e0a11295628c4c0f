/** Runs the reference cases in a thread of its own, so that the API goes on answering meanwhile. */
import { parentPort } from 'node:worker_threads';
import { runCertificate } from './run-certificate.ts';

parentPort?.postMessage(runCertificate());
