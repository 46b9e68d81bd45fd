import type { Metadata, OutputInfo, Sharp } from 'sharp';
import { OcrHubError } from '../errors/error.js';
import { decodeBmp } from './bmp/bmp.js';
import { drawnBytes } from './drawn/drawn-bytes.js';
import type { DrawnPicture } from './drawn/drawn-picture.js';
import { countScans } from './drawn/jpeg-scans.js';
import { pageDirectories, tiffPage } from './drawn/tiff-pages.js';
import { imageFormat, type ImageFormat } from './format.js';
import type { Image } from './image.js';
import { defaultMaxPixels, requireSize } from './max-pixels.js';
import { nameOtherFormat } from './other-format.js';
import { overGround } from './samples/over-ground.js';
import { lowBitsToBytes, toBytes } from './samples/to-bytes.js';
import { loadSharp } from './sharp.js';

export interface DecodeOptions {
  /** Maximum width x height; checked on the header, before any pixel is decoded. 64 million by default. */
  readonly maxPixels?: number | undefined;
  /** Seconds in which the pixels must be decoded, with all tries, at most 3600. 30 by default. */
  readonly maxSeconds?: number | undefined;
  /** Page of a TIFF file or frame of an animated picture, from 1. Default: 1. */
  readonly page?: number;
  /** Whether alpha is dropped, 16 bits are cut to the upper 8, and wider samples are cut off, as OpenCV does. Default: false. */
  readonly asStored?: boolean;
}

/**
 * Reads a JPEG, PNG, WebP, TIFF, GIF (first frame) or BMP file as OpenCV's `imdecode` in color mode does: turned
 * upright by its EXIF orientation, gray as three channels, 16 bits as `>> 8`, color profiles ignored (except for CMYK,
 * which has no RGB without one). The part of a damaged or truncated picture that can be decoded is read.
 *
 * Unlike OpenCV, and unless `asStored`, it lays transparent parts over a ground (`overGround`), and keeps the letters of
 * a 16-bit picture that uses at most 12 bits and of a picture with floating-point samples.
 *
 * @throws OcrHubError `image_unreadable` with the reason; `format_unsupported`; `image_too_large` before any pixel is decoded;
 *   `image_too_costly` when the time is over
 */
export async function decodeImage(bytes: Uint8Array, options: DecodeOptions = {}): Promise<Image> {
  const maxPixels = options.maxPixels ?? defaultMaxPixels;
  const format = await requireFormat(bytes);
  if (format === 'BMP') return decodeBmp(bytes, maxPixels);

  const picture = await openEncoded(bytes, format, options);
  const patience = new Patience(options.maxSeconds);
  try {
    return await decodePixels(picture, 'error', { format, options, patience });
  } catch (error) {
    if (OcrHubError.is(error) && error.code === 'image_too_costly') throw error;
    // Reads the part that can be decoded, unless there is none.
    const image = await decodePixels(picture, 'none', { format, options, patience });
    if (isBlank(image)) throw error;
    return image;
  }
}

type FailOn = 'error' | 'none';

/** The time that is left for a picture, whose pixels may be decoded several times. */
class Patience {
  readonly #seconds: number;
  readonly #begin = performance.now();

  constructor(seconds = defaultMaxSeconds) {
    this.#seconds = Math.min(seconds, mostSeconds);
  }

  /** Whole seconds for the next try. @throws OcrHubError `image_too_costly` if none is left */
  left(): number {
    const left = this.#seconds - (performance.now() - this.#begin) / 1000;
    if (left <= 0) throw this.over();
    return Math.ceil(left);
  }

  over(cause?: unknown): OcrHubError {
    return new OcrHubError(
      'image_too_costly',
      { reason: `it takes more than ${this.#seconds} s to decode` },
      { cause },
    );
  }
}

interface Decoding {
  readonly format: ImageFormat;
  readonly options: DecodeOptions;
  readonly patience: Patience;
}

async function decodePixels(
  { open, header }: Awaited<ReturnType<typeof openEncoded>>,
  failOn: FailOn,
  { format, options: { asStored = false }, patience }: Decoding,
): Promise<Image> {
  const { depth, space, hasAlpha } = header;
  const bytesOf = async (picture: Sharp, rawDepth: 'uchar' | 'ushort' | 'float') => {
    const decoded = picture
      .timeout({ seconds: patience.left() })
      .raw({ depth: rawDepth })
      .toBuffer({ resolveWithObject: true });
    const { data, info } = await decoded.catch((error: unknown) => {
      if (isTimeout(error)) throw patience.over(error);
      throw unreadable(reasonOf(error, format), error);
    });
    return { pixels: new Uint8Array(data.buffer, data.byteOffset, data.byteLength), info };
  };
  const imageOf = (pixels: Uint8Array, { width, height, channels }: OutputInfo): Image => {
    if (channels === 3) return { width, height, data: pixels };
    if (channels === 1) return { width, height, data: tripled(pixels) };
    throw unreadable(`${format} with ${channels} channels`);
  };
  if (!asStored && depth !== 'uchar' && depth !== 'ushort') {
    const { pixels, info } = await bytesOf(open(failOn).removeAlpha().toColourspace(space), 'float');
    return imageOf(toBytes(wideSamples(Float32Array, pixels)), info);
  }
  const picture = open(failOn);
  const { pixels, info } = await bytesOf(
    (asStored || !hasAlpha ? picture.removeAlpha() : picture).toColourspace('srgb'),
    'uchar',
  );
  if (info.channels === 4) return overGround(pixels, info);
  const image = imageOf(pixels, info);
  if (asStored || depth !== 'ushort' || image.data.some((value) => value >= lowBits)) return image;
  const wide = await bytesOf(open(failOn).removeAlpha().toColourspace('rgb16'), 'ushort');
  return imageOf(lowBitsToBytes(wideSamples(Uint16Array, wide.pixels)), wide.info);
}

interface WideSamples<T> {
  new (buffer: ArrayBufferLike, from: number, count: number): T;
  readonly BYTES_PER_ELEMENT: number;
}

/** Bytes as wider samples. They are copied only if they do not start at a whole sample of their memory. */
function wideSamples<T>(Samples: WideSamples<T>, bytes: Uint8Array): T {
  const { buffer, byteOffset, byteLength } = bytes.byteOffset % Samples.BYTES_PER_ELEMENT === 0 ? bytes : bytes.slice();
  return new Samples(buffer, byteOffset, byteLength / Samples.BYTES_PER_ELEMENT);
}

/** Upper byte of a 16-bit sample of more than 12 bits. */
const lowBits = 16;

/** Whether a picture is black or white all over, which libvips leaves if it decodes nothing. */
function isBlank({ data }: Image): boolean {
  const first = data[0];
  return (first === 0 || first === 255) && data.every((value) => value === first);
}

/** Reads and checks the header. `open` opens the picture, whose decoding fails on damage or leaves out what is damaged. */
async function openEncoded(file: Uint8Array, format: ImageFormat, options: DecodeOptions) {
  const maxPixels = options.maxPixels ?? defaultMaxPixels;
  const { bytes, page } = drawnPage(file, format, options.page ?? 1);
  const header = await readHeader(bytes, format, page);
  const { space, autoOrient: size } = header;
  requireSize(header, maxPixels);
  const settings = { limitInputPixels: maxPixels, page, autoOrient: true, ignoreIcc: space !== 'cmyk' };
  return { size, header, open: (failOn: FailOn): Sharp => loadSharp()(bytes, { ...settings, failOn }) };
}

export interface PictureInfo {
  readonly format: ImageFormat;
  /**
   * The pages of a TIFF file, without smaller copies of a page (a pyramid's, thumbnails) and masks; the frames of an
   * animated picture; 1 for every other format.
   */
  readonly pageCount: number;
  /** Pixels an inch, if the file says so. */
  readonly dpi: number | undefined;
}

/** @throws OcrHubError `image_unreadable` when the format is unknown, or the header is damaged */
export async function readPictureInfo(bytes: Uint8Array): Promise<PictureInfo> {
  const format = await requireFormat(bytes);
  if (format === 'BMP') return { format, pageCount: 1, dpi: undefined };
  const first = drawnPage(bytes, format, 1);
  const { pages = 1, density: dpi } = await readHeader(first.bytes, format, first.bytes === bytes ? 0 : first.page);
  if (format !== 'TIFF') return { format, pageCount: first.frames ?? pages, dpi };
  // libvips counts all directories that it can read.
  const directories = pageDirectories(bytes);
  const count =
    first.bytes === bytes ? directories.filter((directory) => directory < pages).length : directories.length;
  return { format, pageCount: Math.max(1, count), dpi };
}

/** A file that libvips gets for a page, and the number that it gives to the page in it. */
interface DrawnPage extends DrawnPicture {
  readonly page: number;
}

function drawnPage(file: Uint8Array, format: ImageFormat, number: number): DrawnPage {
  if (format === 'TIFF') {
    const page = tiffPage(file, number);
    if (page === undefined) throw unreadable(`it has no page ${number}`);
    return { bytes: page.bytes, page: page.directory };
  }
  if (format === 'JPEG') {
    const scans = countScans(file);
    if (scans > maxScans) throw unreadable(`it has ${scans} scans, and at most ${maxScans} are read`);
  }
  const drawn = drawnBytes(file, format, number);
  if (drawn.frames !== undefined && number > maxFrame && number <= drawn.frames)
    throw unreadable(`of its ${drawn.frames} frames the first ${maxFrame} are read`);
  return { ...drawn, page: number - 1 };
}

/** Programs write 10 scans, and optimizers up to 30. This many take 3 s in a picture of 64 megapixels. */
const maxScans = 500;

/** libwebp takes 0.6 s to find this frame. */
const maxFrame = 10_000;

async function requireFormat(bytes: Uint8Array): Promise<ImageFormat> {
  if (bytes.length === 0) throw unreadable('it is empty');
  const format = imageFormat(bytes);
  if (format !== undefined) return format;
  const other = await nameOtherFormat(bytes);
  if (other !== undefined) throw new OcrHubError('format_unsupported', { format: other });
  throw unreadable('unsupported image format (expected JPEG, PNG, WebP, TIFF, GIF, BMP or PDF)');
}

async function readHeader(bytes: Uint8Array, format: ImageFormat, page: number): Promise<Metadata> {
  const sharp = loadSharp();
  return sharp(bytes, { failOn: 'none', limitInputPixels: false, page })
    .metadata()
    .catch((error: unknown) => {
      throw unreadable(reasonOf(error, format), error);
    });
}

function tripled(gray: Uint8Array): Uint8Array {
  const data = new Uint8Array(gray.length * 3);
  for (let i = 0; i < gray.length; i++) data.fill(gray[i] ?? 0, i * 3, i * 3 + 3);
  return data;
}

/** libvips looks at the time while it makes pixels, and says how far it came: "timeout: 42% complete". */
function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('timeout: ');
}

const defaultMaxSeconds = 30;
/** sharp takes no more. */
const mostSeconds = 3600;

function unreadable(reason: string, cause?: unknown): OcrHubError {
  return new OcrHubError('image_unreadable', { reason }, { cause });
}

function reasonOf(error: unknown, format: string): string {
  const text = error instanceof Error ? error.message : String(error);
  const [line = ''] = text.split('\n');
  return `damaged ${format}: ${line.replace(/:\s*$/, '')}`;
}
