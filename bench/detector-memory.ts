/**
 * Memory that one run of the detector takes, by the number of pixels that the network sees.
 *
 *   node bench/run.js detector-memory [pixels] [precision]
 *
 * Prints the peak of the process's resident memory less the memory before the run. Start it anew for each measurement.
 */
import { blankImage } from '../src/runtime/image/image.js';
import { Detector } from '../src/runtime/ocr/detect/detector.js';
import { detectorParams } from '../src/runtime/ocr/detect/params.js';

const [pixels = '4000000', precision = 'f32'] = process.argv.slice(2);
const side = Math.floor(Math.sqrt(Number(pixels)) / 32) * 32;
const params = { precision, det_limit_side_len: 4000, det_max_pixels: 16_000_000 };
const detector = await Detector.create(detectorParams.parse(params));
const image = blankImage(side, side);
const before = process.memoryUsage.rss();
await detector.detect(image);
const peak = process.resourceUsage().maxRSS * 1024;
const taken = peak - before;
console.log(
  `${side} x ${side}, ${precision}: ${(taken / 1e6).toFixed(0)} MB for the run, ${(taken / side ** 2).toFixed(0)} MB a million pixels, ${(peak / 1e6).toFixed(0)} MB in all`,
);
