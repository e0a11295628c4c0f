import { describe, expect, it } from 'vitest';
import { afterAcknowledge, afterPublish, afterSilence, newWindow } from './lane-window.ts';

describe('lane window', () => {
  it('sends again from the oldest after 10 s without progress, then ever more rarely', () => {
    let window = afterPublish(afterPublish(newWindow(0), 1, 5000), 2, 6000);
    expect(afterSilence(window, 14_999)).toBe(window);
    window = afterSilence(window, 15_000);
    expect(window.publishedUpTo).toBe(0);
    window = afterPublish(window, 2, 15_000);
    expect(afterSilence(window, 30_000)).toBe(window);
    expect(afterSilence(window, 35_000).publishedUpTo).toBe(0);
  });

  it('starts the wait anew with every acknowledgement, and forgets earlier silences', () => {
    let window = afterSilence(afterPublish(newWindow(0), 3, 0), 10_000);
    window = afterAcknowledge(afterPublish(window, 3, 10_000), 2, 12_000);
    expect(window).toEqual({
      publishedUpTo: 3,
      acknowledgedUpTo: 2,
      progressAt_ms: 12_000,
      silence_ms: 10_000,
    });
    expect(afterSilence(window, 21_999)).toBe(window);
    expect(afterSilence(window, 22_000).publishedUpTo).toBe(2);
  });

  it('is patient while nothing is under way, and ignores old marks', () => {
    const window = afterAcknowledge(afterPublish(newWindow(0), 4, 0), 4, 1000);
    expect(afterSilence(window, 3_600_000)).toBe(window);
    expect(afterAcknowledge(window, 3, 2000)).toBe(window);
    const later = afterPublish(window, 5, 7_200_000);
    expect(afterSilence(later, 7_205_000)).toBe(later);
  });
});
