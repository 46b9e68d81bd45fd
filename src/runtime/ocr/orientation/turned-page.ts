import type { Quad } from '../../geometry/point.js';
import type { Image } from '../../image/image.js';
import { isTall, sizeOf } from '../crop-lines.js';
import { mapLine, type TextLine } from '../text-line.js';
import { isMostlyVertical } from '../vertical/vertical-script.js';
import { areSure, isClearlySurer, isSideways, isSure, probesOf, upsideDown, type Turn } from './page-rotation.js';
import { inGivenPage, turnBack } from './turn-page.js';

/** What reading a page in several directions needs of the pipeline. */
export interface PageReader {
  detect(image: Image): Promise<readonly Quad[]>;
  /** Answers one line for each box, in the order of the boxes. */
  read(image: Image, boxes: readonly Quad[]): Promise<readonly TextLine[]>;
  /** As `read`, for lines that only tell how the page is turned. */
  probe(image: Image, boxes: readonly Quad[]): Promise<readonly TextLine[]>;
  /** Drops lines, and sorts those of an upright page. */
  arrange(lines: readonly TextLine[]): readonly TextLine[];
}

/** Reads a page of which it is not known which way it is turned. An upright page costs no more. */
export async function readAnyWay(image: Image, reader: PageReader): Promise<readonly TextLine[]> {
  const boxes = await reader.detect(image);
  if (isSideways(boxes)) {
    const turn = await quarterTurnOf(image, boxes, reader);
    if (turn !== undefined) {
      const lines = await readTurned(image, turn, withSecondLook(reader));
      // Vertical text reads as well as a turned page, but its headings are horizontal in the given page alone.
      return turn === 90 && mayBeVertical(lines) ? reader.arrange(lines) : lines;
    }
  }
  const lines = await reader.read(image, boxes);
  if (!areSure(lines.map(({ confidence }) => confidence)) && (await isUpsideDown(image, lines, reader))) {
    return readTurned(image, 180, withSecondLook(reader));
  }
  return reader.arrange(await rereadUnsure(image, lines, reader));
}

/** Reads a page that is turned clockwise by a known angle. Regions are in the page as it is given. */
export async function readTurned(image: Image, turn: Turn, reader: PageReader): Promise<readonly TextLine[]> {
  const upright = turnBack(image, turn);
  const lines = reader.arrange(await reader.read(upright, await reader.detect(upright)));
  if (turn === 0) return lines;
  return lines.flatMap((line) => mapLine(line, (region) => inGivenPage(region, image, turn)) ?? []);
}

/** Which way a page is turned whose lines run from top to bottom or from bottom to top. */
async function quarterTurnOf(image: Image, boxes: readonly Quad[], reader: PageReader): Promise<Turn | undefined> {
  const probes = probesOf(boxes.filter((box) => isTall(sizeOf(box))));
  const downward = (await reader.probe(image, probes)).filter(isTelling).map(({ confidence }) => confidence);
  if (isSure(downward)) return 90;
  const upward = (await reader.probe(image, probes.map(upsideDown))).filter(isTelling);
  return isClearlySurer(
    upward.map(({ confidence }) => confidence),
    downward,
  )
    ? 270
    : undefined;
}

/** A tall box with a single character may be an upright I, which reads as a sure dash when it is turned. */
function isTelling({ text }: TextLine): boolean {
  return Array.from(text).length >= 2;
}

/** Whether most characters are of a script that is also written from top to bottom. */
function mayBeVertical(lines: readonly TextLine[]): boolean {
  const characters = Array.from(lines.map(({ text }) => text).join(''));
  return isMostlyVertical(characters);
}

async function isUpsideDown(image: Image, lines: readonly TextLine[], reader: PageReader): Promise<boolean> {
  const probes = probesOf(lines.map(({ text_region }) => text_region));
  const asItIs = lines.filter(({ text_region }) => probes.includes(text_region));
  const turned = await reader.probe(image, probes.map(upsideDown));
  return isClearlySurer(
    turned.map(({ confidence }) => confidence),
    asItIs.map(({ confidence }) => confidence),
  );
}

function withSecondLook(reader: PageReader): PageReader {
  return {
    ...reader,
    read: async (image, boxes) => rereadUnsure(image, await reader.read(image, boxes), reader),
  };
}

/** Reads single lines of a page from the other end, such as a stamp upside down or a table head on its side. */
async function rereadUnsure(image: Image, lines: readonly TextLine[], reader: PageReader): Promise<TextLine[]> {
  const unsure = lines.filter(({ confidence, text_region: box }) => isLong(box) && confidence < doubtBelow(box));
  if (unsure.length === 0) return [...lines];
  const again = await reader.read(
    image,
    unsure.map(({ text_region }) => upsideDown(text_region)),
  );
  const others = new Map(unsure.map((line, i) => [line, again[i]]));
  return lines.map((line) => {
    const other = others.get(line);
    return other !== undefined && isClearlySurer([other.confidence], [line.confidence]) ? other : line;
  });
}

/** Confidence below which the other end is tried. A wide line is probably upright; a tall one may run up or down. */
function doubtBelow(box: Quad): number {
  return isTall(sizeOf(box)) ? doubtTall : doubtWide;
}

/** Lines upside down are read with up to .83, and one of a hundred upright lines with less than this (docs/decisions/0027). */
const doubtWide = 0.85;
const doubtTall = 0.95;

/** Whether a line is long enough that its direction can be told: two letters or more. */
function isLong(box: Quad): boolean {
  const { width, height } = sizeOf(box);
  return Math.max(width, height) >= minLength * Math.min(width, height);
}

const minLength = 1.5;
