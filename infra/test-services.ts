import { statePaths } from './paths.ts';
import { resolvePorts } from './ports.ts';
import { takeInstanceLock } from './processes/instance-lock.ts';
import { provideToolPrefix } from './services/prefix.ts';
import { startServices } from './services/services.ts';
import { testServiceVariables } from './test-environment.ts';

const testPortShift = 1000;

/** Starts the services of tests, prints the variables vitest needs as shell exports, and stays until it is stopped. */
export async function runTestServices(): Promise<void> {
  const state = statePaths('test');
  const release = takeInstanceLock(state.lock, 'A test run');
  const log = (text: string): void => console.error(text);
  await provideToolPrefix(state, log);
  const services = await startServices({
    state,
    ports: resolvePorts(testPortShift),
    portShift: testPortShift,
    log,
  });
  for (const [name, value] of Object.entries(testServiceVariables(state, services))) {
    console.log(`export ${name}='${value}'`);
  }
  console.error('Services are running: paste the exports above, then npx vitest. Ctrl-C stops them.');
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
    process.once('disconnect', resolve);
    setInterval(() => undefined, 60_000);
  });
  await services.stop();
  release();
  process.exit(0);
}
