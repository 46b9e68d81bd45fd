import { readFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { root } from './cli.js';

/** A picture of test/fixtures in base64. */
export function fixture(name: string): string {
  return fixtureBytes(name).toString('base64');
}

export function fixtureBytes(name: string): Buffer {
  return readFileSync(path.join(root, 'test', 'fixtures', name));
}

/** A small white PNG in base64; tests tell pictures apart by their width. */
export async function whitePng(width: number, height = 8): Promise<string> {
  const picture = sharp({ create: { width, height, channels: 3, background: 'white' } });
  return (await picture.png().toBuffer()).toString('base64');
}

/** A TIFF file with a page of 30 x 20 pixels in each color. */
export async function multiPageTiff(colors: readonly string[]): Promise<Buffer> {
  const pages = colors.map((background) => sharp({ create: { width: 30, height: 20, channels: 3, background } }).png());
  const buffers = await Promise.all(pages.map((page) => page.toBuffer()));
  return sharp(buffers, { join: { animated: true } })
    .tiff({ compression: 'lzw' })
    .toBuffer();
}
