import { defineModule, Detector, detectorParams } from 'ocrhub';
import { params } from './params.js';

export default defineModule({
  name: 'ocr_det',
  version: '1.0.0',
  summary: 'Finds text lines: the four corners of each',
  author: 'ocrhub',
  schema: detectorParams,
  params,
  // One list of boxes a picture; a picture that cannot be read gets an empty one.
  entries: { empty: [], nested: false },

  /** Loads the model once in each inference process. `args` is params.ts overlaid by init_args. */
  initialize: (args) => Detector.create(args),

  /** `args` is what the request says beside its images, for example det_db_box_thresh. */
  async predict({ images, ...args }, detector) {
    const results = [];
    for (const image of images) {
      const boxes = await detector.detect(image, args);
      results.push(boxes.map((box) => ({ text_region: box })));
    }
    return results;
  },
});
