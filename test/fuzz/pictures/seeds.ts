import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { root } from '../../helpers/cli.js';
import { makePdf } from '../../helpers/pdf.js';
import { multiPageTiff } from '../../helpers/pictures.js';

/** A file of which damaged files are made. */
export interface Seed {
  /** Its end says the format. */
  readonly name: string;
  readonly bytes: Buffer;
}

/** The small pictures of test/fixtures, and others in forms that these do not have. */
export async function makeSeeds(): Promise<readonly Seed[]> {
  const folder = path.join(root, 'test', 'fixtures');
  const fixtures = readdirSync(folder)
    .filter((name) => /\.(png|jpg|webp|tiff|gif|bmp)$/.test(name) && !/^(strip|screenshot|demo|receipt)/.test(name))
    .map((name) => ({ name, bytes: readFileSync(path.join(folder, name)) }));
  return [...fixtures, ...(await drawnSeeds(readFileSync(path.join(folder, 'small.png')))), ...(await pdfSeeds())];
}

async function drawnSeeds(small: Buffer): Promise<Seed[]> {
  const picture = (): Sharp => sharp(small);
  const frames = await Promise.all(
    [0, 90, 180].map((angle) => picture().resize(60, 60).rotate(angle).png().toBuffer()),
  );
  const animation = (): Sharp => sharp(frames, { join: { animated: true } });
  const made: Readonly<Record<string, Sharp>> = {
    'progressive.jpg': picture().jpeg({ progressive: true }),
    'restart.jpg': picture()
      .jpeg({ chromaSubsampling: '4:4:4', optimiseCoding: false })
      .withExif({ IFD0: { Copyright: 'x' } }),
    'gray.jpg': picture().grayscale().jpeg(),
    'interlaced.png': picture().png({ progressive: true }),
    'text.png': picture()
      .withExif({ IFD0: { Copyright: 'somebody' } })
      .withIccProfile('srgb')
      .png(),
    'lossless.webp': picture().webp({ lossless: true }),
    'alpha.webp': picture().ensureAlpha(0.5).webp(),
    'animated.webp': animation().webp(),
    'animated.gif': animation().gif(),
    'deflate.tiff': picture().tiff({ compression: 'deflate', predictor: 'horizontal' }),
    'jpeg.tiff': picture().tiff({ compression: 'jpeg' }),
    'packbits.tiff': picture().tiff({ compression: 'packbits' }),
    'fax.tiff': picture().grayscale().threshold().toColourspace('b-w').tiff({ compression: 'ccittfax4', bitdepth: 1 }),
    'tiles.tiff': picture().tiff({ tile: true, tileWidth: 64, tileHeight: 64, pyramid: true, compression: 'lzw' }),
    'plain.tiff': picture().tiff({ compression: 'none' }),
  };
  const drawn = Object.entries(made).map(async ([name, each]) => ({ name, bytes: await each.toBuffer() }));
  return [...(await Promise.all(drawn)), { name: 'pages.tiff', bytes: await multiPageTiff(['red', 'white', 'blue']) }];
}

async function pdfSeeds(): Promise<Seed[]> {
  const picture = readFileSync(path.join(root, 'test', 'fixtures', 'exif-6.jpg'));
  const size = [200, 100] as const;
  const files = {
    'plain.pdf': await makePdf(
      [
        { size, text: [] },
        { size, picture, rotate: 90 },
      ],
      { isPlain: true },
    ),
    'streams.pdf': await makePdf([{ size, picture }]),
    'locked.pdf': await makePdf([{ size }], { password: 'secret' }),
  };
  return Object.entries(files).map(([name, bytes]) => ({ name, bytes: Buffer.from(bytes) }));
}
