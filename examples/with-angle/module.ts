// ocr_system with two fields added to each line: which way up it stands, and how far it is tilted.
import { defineModule, systemParams, TextSystem, type Quad } from 'ocrhub';
import { params } from './params.js';

export default defineModule({
  name: 'with_angle',
  version: '1.0.0',
  summary: 'Reads all text of a picture, and says how each line lies',
  schema: systemParams,
  params,
  entries: { empty: [], nested: false },

  initialize: (args) => TextSystem.create(args),

  async predict({ images, ...args }, system) {
    const results = [];
    for (const image of images) {
      const lines = await system.read(image, args);
      results.push(lines.map((line) => ({ ...line, tilt: tiltOf(line.text_region) })));
    }
    return results;
  },
});

/** Degrees by which the upper edge leaves the horizontal; above 0 it falls to the right. */
function tiltOf([[left, leftTop], [right, rightTop]]: Quad): number {
  const degrees = (Math.atan2(rightTop - leftTop, right - left) * 180) / Math.PI;
  return Math.round(degrees * 10) / 10;
}
