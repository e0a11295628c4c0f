import { inflateSync } from 'node:zlib';

/** Largest XML inside a PDF once unpacked. */
const xmlLimit_bytes = 20_000_000;
const streamLimit = 5_000;

/**
 * The XML bill that a Factur-X or ZUGFeRD PDF carries: an embedded file is a stream object of its own, packed with
 * Flate or not at all. Null where there is none; pictures and fonts unpack to something else and are passed over.
 */
export function xmlOfPdf(pdf: Buffer): string | null {
  const text = pdf.toString('latin1');
  const streams = text.matchAll(/<<((?:(?!>>\s*stream)[\s\S])*?)>>\s*stream\r?\n/g);
  let count = 0;
  for (const match of streams) {
    if (++count > streamLimit) return null;
    const dictionary = match[1] ?? '';
    if (/\/(?:Subtype\s*\/Image|Type\s*\/(?:XRef|ObjStm))\b/.test(dictionary)) continue;
    const from = match.index + match[0].length;
    const to = text.indexOf('endstream', from);
    if (to < 0) return null;
    const xml = unpacked(pdf.subarray(from, to), dictionary);
    if (xml && /<(?:\w+:)?(?:CrossIndustryInvoice|Invoice|CreditNote)[\s>]/.test(xml.slice(0, 5_000)))
      return xml;
  }
  return null;
}

function unpacked(packed: Buffer, dictionary: string): string | null {
  if (!dictionary.includes('/Filter')) return packed.toString('utf8');
  if (!/\/Filter\s*\[?\s*\/FlateDecode\s*\]?/.test(dictionary)) return null;
  try {
    return inflateSync(packed, { maxOutputLength: xmlLimit_bytes }).toString('utf8');
  } catch (error) {
    // Not a stream of ours: encrypted, or damaged. Another one may hold the bill.
    if (error instanceof Error) return null;
    throw error;
  }
}
