import sharp, { type Sharp } from 'sharp';
import { describe, expect, test } from 'vitest';
import { photoFile } from './photo-file.ts';

const picture = (): Sharp => sharp({ create: { width: 60, height: 30, channels: 3, background: '#336699' } });

describe('photoFile', () => {
  test('takes out what the camera wrote and turns the picture the right way up', async () => {
    const sent = await picture()
      .withMetadata({ orientation: 6 })
      .withExifMerge({ IFD0: { Make: 'CameraWorks' }, IFD3: { GPSLatitudeRef: 'N' } })
      .jpeg()
      .toBuffer();
    expect(sent.includes('CameraWorks')).toBe(true);
    const kept = await photoFile(sent);
    expect(kept.content.includes('CameraWorks')).toBe(false);
    expect((await sharp(kept.content).metadata()).exif).toBeUndefined();
    expect([kept.width, kept.height]).toEqual([30, 60]);
    expect(kept.sha256).not.toBe(kept.uploadSha256);
  });

  test('is the same bytes for the same file, whatever its format', async () => {
    const png = await picture().png().toBuffer();
    expect((await photoFile(png)).sha256).toBe((await photoFile(png)).sha256);
    expect((await photoFile(await picture().webp().toBuffer())).mediaType).toBe('image/jpeg');
  });

  test.each([
    ['nothing', Buffer.alloc(0)],
    ['no body', undefined],
    ['a text', Buffer.from('not a picture')],
    ['a drawing', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')],
  ])('refuses %s', async (_, content) => {
    await expect(photoFile(content)).rejects.toMatchObject({ code: 'invalid' });
  });

  test('refuses a picture cut short and one of too many bytes', async () => {
    const png = await picture().png().toBuffer();
    await expect(photoFile(png.subarray(0, png.length - 20))).rejects.toMatchObject({ code: 'invalid' });
    await expect(photoFile(Buffer.alloc(10_000_001))).rejects.toMatchObject({ code: 'tooLarge' });
  });
});
