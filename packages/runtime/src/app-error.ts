/** Closed set of codes of expected failures. The API maps each to one HTTP status (RFC 9457). */
export const errorCodes = [
  'unauthenticated',
  'forbidden',
  'notFound',
  'invalid',
  'conflict',
  'tooLarge',
  'tooManyRequests',
  'notReady',
  'dependencyUnavailable',
] as const;
export type ErrorCode = (typeof errorCodes)[number];

/** An expected failure of a service: what, where and why, without any HTTP inside. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.code = code;
    this.details = details;
  }
}
