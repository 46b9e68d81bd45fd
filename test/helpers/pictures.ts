import { readFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { root } from './cli.js';

/** A picture of test/fixtures as base64 text. */
export function fixture(name: string): string {
  return fixtureBytes(name).toString('base64');
}

export function fixtureBytes(name: string): Buffer {
  return readFileSync(path.join(root, 'test', 'fixtures', name));
}

/** A small white PNG, told from others by its width. */
export async function whitePng(width: number, height = 8): Promise<string> {
  const picture = sharp({ create: { width, height, channels: 3, background: 'white' } });
  return (await picture.png().toBuffer()).toString('base64');
}
