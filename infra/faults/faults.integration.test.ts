import { afterAll, beforeAll, expect, test } from 'vitest';
import { openFaultBench } from './bench.ts';
import { outcomeOf, randomFrom, scenarios } from './scenarios.ts';
import { openTestFaultServices } from './test/services.ts';

let opened: Awaited<ReturnType<typeof openTestFaultServices>>;

beforeAll(async () => {
  opened = await openTestFaultServices();
});
afterAll(() => opened.close());

/** The short form of the faults that need no services of their own; deaths of processes are in the tests of ingestion. */
const here = ['R3', 'R7', 'R9', 'R10', 'R11', 'R12'];

test.each(scenarios.filter((scenario) => here.includes(scenario.id)))(
  '$id: $fault',
  { timeout: 240_000 },
  async (scenario) => {
    const outcome = await outcomeOf(scenario, () =>
      openFaultBench(opened.services, { isShort: true, random: randomFrom(42) }),
    );
    expect(outcome).toMatchObject({ sent: expect.any(Number), stored: outcome.sent, twice: 0, wrong: [] });
    expect(outcome.sent).toBeGreaterThan(0);
  },
);
