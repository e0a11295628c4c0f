export interface Steps {
  /** Runs one step; its work may tell what it is doing. */
  readonly run: <T>(title: string, work: (report: (text: string) => void) => T | Promise<T>) => Promise<T>;
  /** Prints a line of its own. */
  readonly line: (text: string) => void;
}

export function createSteps(stream: {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly write: (text: string) => unknown;
}): Steps;
