import { openedReceipts } from '@wattproof/contracts/api';
import type { Page } from 'playwright-core';
import { send } from './account.ts';
import { open, type Visit } from './browser.ts';
import { differenceFrom, readFigure, type ShownFigure, shownFigures } from './shown-figure.ts';

/** Figures of one page that are computed again. */
const mostOfPage = 36;

/** Numbers in [0, 1) that are the same in every run (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A power of now changes every few seconds; a figure that is wrong differs at every look. */
const mostLooks = 8;

/** Numbers with a unit of which nobody says where they come from; a count has no unit. */
export const unproved = (figures: readonly ShownFigure[]): string[] =>
  figures
    .filter(({ receipt, reason }) => receipt === null && (reason === null || reason === 'count'))
    .map(({ text, around }) => `"${text}" has no receipt (${around})`);

export interface Crawled {
  readonly findings: readonly string[];
  readonly recomputed: number;
}

/** Looks at every figure of the page that stands open, computes some of them again, and opens the receipt of one. */
export async function crawlFigures(visit: Visit, path: string, random: () => number): Promise<Crawled> {
  const { page } = visit;
  const figures = await shownFigures(page);
  const exact = figures.filter(({ receipt, text }) => receipt !== null && readFigure(text) !== null);
  const drawn = exact
    .map((figure) => ({ figure, place: random() }))
    .sort((a, b) => a.place - b.place)
    .slice(0, mostOfPage)
    .map(({ figure }) => figure);
  // A live page moves on between being looked at and being computed again: what differs is looked at anew.
  let differences = await differencesOf(visit, drawn);
  for (let look = 1; differences.length > 0 && look < mostLooks; look++) {
    await open(page, path);
    const wanted = new Set(differences.map(({ id }) => id));
    const now = (await shownFigures(page)).filter(({ receipt }) => wanted.has(receipt));
    differences = await differencesOf(visit, now);
  }
  const findings = [...unproved(figures), ...differences.map(({ text }) => text)];
  return { findings: [...findings, ...(await openOne(page))], recomputed: drawn.length };
}

/** What differs between figures as they are shown and their receipts computed again. */
async function differencesOf(
  visit: Visit,
  figures: readonly ShownFigure[],
): Promise<{ readonly id: string | null; readonly text: string }[]> {
  const ids = [...new Set(figures.flatMap(({ receipt }) => receipt ?? []))];
  if (ids.length === 0) return [];
  const { receipts } = await send(visit, '/receipts', { ids }, openedReceipts);
  const opened = new Map<string, (typeof receipts)[number]>(receipts.map((one) => [one.id, one]));
  return figures.flatMap(({ receipt: id, text }) => {
    const { receipt = null, problem = null } = opened.get(id ?? '') ?? {};
    const difference = receipt ? differenceFrom(receipt, text) : (problem?.detail ?? 'no receipt');
    return difference === null ? [] : [{ id, text: `"${text}" of ${id}: ${difference}` }];
  });
}

/** The first receipt of the page opens by its button and says its formula. */
async function openOne(page: Page): Promise<string[]> {
  const button = page.locator('main [data-receipt] button[data-opens="receipt"]').first();
  if ((await button.count()) === 0) return [];
  await button.click();
  const dialog = page.getByRole('dialog');
  await dialog.locator('[aria-busy="false"]').first().waitFor();
  const hasFormula = (await dialog.locator('code').count()) > 0;
  const said = hasFormula ? [] : [`the receipt does not open: ${await dialog.innerText()}`];
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  return said;
}
