/**
 * What a failed commit means:
 * - `refused`: this data cannot be stored, by the database or by a fault of ours; the rest of the batch can be without it.
 * - `unavailable`: it may work later (connection, deadlock, disk, a missing right): nothing is acknowledged, it is tried again.
 */
export type CommitFailure = 'refused' | 'unavailable';

/** SQLSTATE classes of data that cannot be stored: data exception, integrity constraint violation. */
const refusedClasses = ['22', '23'];

export function failureOf(error: unknown): CommitFailure {
  if (error instanceof RangeError || error instanceof TypeError || error instanceof ReferenceError)
    return 'refused';
  const code = (error as { readonly code?: unknown }).code;
  // Codes of the database have five characters; those of sockets are names.
  if (typeof code === 'string' && code.length === 5 && refusedClasses.includes(code.slice(0, 2)))
    return 'refused';
  return 'unavailable';
}
