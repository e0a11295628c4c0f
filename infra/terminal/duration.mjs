/**
 * A duration for people: `4.2 s`, `2 min 05 s`.
 * @param {number} duration_ms
 */
export function formatDuration(duration_ms) {
  const seconds = duration_ms / 1000;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
}
