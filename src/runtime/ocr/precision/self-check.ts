import path from 'node:path';
import { readRegularBytes, readRegularFile } from '../../files/read-regular.js';
import type { Point, Quad } from '../../geometry/point.js';
import { decodeImage } from '../../image/decode.js';
import type { Image } from '../../image/image.js';
import { embeddedFolder } from '../../models/manifest.js';
import { cropLine } from '../crop-lines.js';
import { topEdgeOrder } from '../order/top-edge-order.js';
import type { RecognizedText } from '../recognize/ctc.js';

/** What the f32 networks of PP-OCRv6 small find on the built-in page, in reading order. */
interface ExpectedLine {
  readonly text: string;
  readonly box: Quad;
}

/** Finds the lines of the built-in page. Answers the first difference from what f32 finds; undefined for none. */
export async function checkDetection(detect: (page: Image) => Promise<readonly Quad[]>): Promise<string | undefined> {
  const { page, lines } = await builtIn();
  const boxes = topEdgeOrder(await detect(page));
  if (boxes.length !== lines.length) return `it finds ${boxes.length} lines of ${lines.length}`;
  const moved = lines.find(({ box }, i) => box.some((corner, at) => isFar(corner, boxes[i]?.[at])));
  return moved && `it finds "${moved.text}" elsewhere`;
}

/** Reads the lines of the built-in page. Answers the first difference from what f32 reads; undefined for none. */
export async function checkRecognition(
  recognize: (lines: readonly Image[]) => Promise<readonly RecognizedText[]>,
): Promise<string | undefined> {
  const { page, lines } = await builtIn();
  const read = await recognize(lines.map(({ box }) => cropLine(page, box)));
  const wrong = lines.findIndex(({ text }, i) => read[i]?.text !== text);
  return wrong < 0 ? undefined : `it reads "${lines[wrong]?.text ?? ''}" as "${read[wrong]?.text ?? ''}"`;
}

/** Pixels by which a corner may differ: a tenth of the page's line height. */
const maxDistance = 4;

function isFar([x, y]: Point, other: Point | undefined): boolean {
  return other === undefined || Math.hypot(x - other[0], y - other[1]) > maxDistance;
}

async function builtIn(): Promise<{ page: Image; lines: readonly ExpectedLine[] }> {
  const lines = await readRegularFile(path.join(embeddedFolder, 'self-check.json'));
  const page = await readRegularBytes(path.join(embeddedFolder, 'self-check.png'));
  return { page: await decodeImage(page), lines: JSON.parse(lines) as ExpectedLine[] };
}
