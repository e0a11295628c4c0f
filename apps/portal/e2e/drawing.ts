import type { Locator } from 'playwright-core';

/** Colours that stand in the canvas of a chart: paper alone is none, axes alone are few. */
export function coloursOf(chart: Locator): Promise<number> {
  return chart
    .locator('canvas')
    .first()
    .evaluate((node) => {
      const canvas = node as HTMLCanvasElement;
      const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data;
      const colours = new Set<number>();
      for (let i = 0; data && i < data.length; i += 4) {
        const [red = 0, green = 0, blue = 0, opacity = 0] = data.subarray(i, i + 4);
        if (opacity > 200) colours.add((red << 16) | (green << 8) | blue);
      }
      return colours.size;
    });
}

/** A drawn chart has a line with soft edges, text and axes: more colours than an empty frame. */
export const leastColours = 12;
