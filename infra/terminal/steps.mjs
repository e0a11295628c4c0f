import { formatDuration } from './duration.mjs';

// Dependency-free and plain JavaScript: the first steps run on the machine's own Node before anything is installed.

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const frame_ms = 100;
/** Without a terminal, how often a running step that has something new to say prints a line. */
const plainReport_ms = 10_000;
const titleWidth = 44;

/**
 * Shows steps as they run: one line a step when it ends, and on a terminal a moving line for what runs now.
 * @param {{ isTTY?: boolean, columns?: number, write: (text: string) => unknown }} stream
 */
export function createSteps(stream) {
  /** @type {Set<{ title: string, text: string, began: number, reported: number }>} */
  const running = new Set();
  const live = Boolean(stream.isTTY);
  let frame = 0;
  /** @type {NodeJS.Timeout | undefined} */
  let timer;

  const clear = () => {
    if (live) stream.write('\r\u001b[2K');
  };
  const draw = () => {
    if (!live || running.size === 0) return;
    const parts = [...running].map(
      ({ title, text, began }) => `${title}${text ? `: ${text}` : ''}  ${formatDuration(Date.now() - began)}`,
    );
    const line = `${frames[frame % frames.length]} ${parts.join('  ·  ')}`;
    clear();
    stream.write([...line].slice(0, (stream.columns ?? 80) - 1).join(''));
  };
  const tick = () => {
    frame += 1;
    draw();
  };
  /** @param {string} text */
  const line = (text) => {
    clear();
    stream.write(`${text}\n`);
    draw();
  };

  /**
   * @template T
   * @param {string} title
   * @param {(report: (text: string) => void) => T | Promise<T>} work
   * @returns {Promise<T>}
   */
  const run = async (title, work) => {
    const step = { title, text: '', began: Date.now(), reported: Date.now() };
    running.add(step);
    if (live && !timer) timer = setInterval(tick, frame_ms);
    draw();
    /** @param {string} text */
    const report = (text) => {
      if (text === step.text) return;
      step.text = text;
      if (live) draw();
      else if (Date.now() - step.reported >= plainReport_ms) {
        step.reported = Date.now();
        stream.write(`  ${title}: ${text}  ${formatDuration(Date.now() - step.began)}\n`);
      }
    };
    const end = (/** @type {string} */ mark) => {
      running.delete(step);
      if (running.size === 0) {
        clearInterval(timer);
        timer = undefined;
      }
      line(`${mark} ${title.padEnd(titleWidth)} ${formatDuration(Date.now() - step.began).padStart(12)}`);
    };
    try {
      const result = await work(report);
      end('✓');
      return result;
    } catch (error) {
      end('✗');
      throw error;
    }
  };
  return { run, line };
}
