import { figureId, type ReceiptlessReason } from '@wattproof/evidence/receipt';

/**
 * What proves a figure: its place in the answer that it was read from, a receipt by its reference, or the reason why it has
 * none. Whoever shows a number with a unit has to say one of them.
 */
export type Proof =
  | { readonly member: string; readonly of?: string }
  | { readonly receipt: string }
  | { readonly without: ReceiptlessReason };

/** The reference of a proof; null where there is none. */
export function receiptOf(proof: Proof, source: string | null): string | null {
  if ('receipt' in proof) return proof.receipt;
  if ('without' in proof) return null;
  const answer = proof.of ?? source;
  if (answer === null) throw new Error(`The figure ${proof.member} stands in no FigureSource`);
  return figureId(answer, proof.member);
}
