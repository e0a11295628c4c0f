import { createHash } from 'node:crypto';
import { AppError } from '@wattproof/runtime';
import sharp from 'sharp';

export const photoLimits = {
  bytes: 10_000_000,
  /** Of the picture as it was sent: what a phone takes, and no bomb. */
  pixels: 60_000_000,
  /** Longer edge of what is kept: a page is 170 mm wide, at 300 dots an inch. */
  edge_px: 2_000,
  /** Photos of one audit. */
  count: 200,
} as const;

export interface KeptPhoto {
  readonly content: Buffer;
  readonly mediaType: 'image/jpeg';
  readonly width: number;
  readonly height: number;
  readonly sha256: string;
  readonly uploadSha256: string;
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const formats: readonly string[] = ['jpeg', 'png', 'webp'];

/**
 * A photo as it is kept: decoded and written again as JPEG, turned the right way up, without place, time, camera or any
 * other data that its file carried.
 * @throws AppError invalid, tooLarge
 */
export async function photoFile(content: unknown): Promise<KeptPhoto> {
  if (!Buffer.isBuffer(content) || content.length === 0)
    throw new AppError('invalid', 'Send the bytes of a JPEG, PNG or WebP picture as the body');
  if (content.length > photoLimits.bytes)
    throw new AppError('tooLarge', `A photo has at most ${photoLimits.bytes} bytes`);
  const picture = sharp(content, { failOn: 'error', limitInputPixels: photoLimits.pixels });
  try {
    const { format } = await picture.metadata();
    if (!formats.includes(format ?? ''))
      throw new AppError('invalid', 'The file is no JPEG, PNG or WebP picture');
    const { data, info } = await picture
      .rotate()
      .resize({
        width: photoLimits.edge_px,
        height: photoLimits.edge_px,
        fit: 'inside',
        withoutEnlargement: true,
      })
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .jpeg({ quality: 82, mozjpeg: false })
      .toBuffer({ resolveWithObject: true });
    return {
      content: data,
      mediaType: 'image/jpeg',
      width: info.width,
      height: info.height,
      sha256: sha256(data),
      uploadSha256: sha256(content),
    };
  } catch (error) {
    if (error instanceof AppError) throw error;
    const words = error instanceof Error ? error.message : 'unknown';
    throw new AppError('invalid', `The picture cannot be read: ${words}`);
  }
}
