import { defineModule, systemParams, TextSystem } from 'ocrhub';
import { params } from './params.js';

export default defineModule({
  name: 'ocr_system',
  version: '1.0.0',
  summary: 'Reads all text of a picture: detection, optional angle classifier, recognition',
  author: 'ocrhub',
  schema: systemParams,
  params,
  // One list of lines a picture; a picture that cannot be read gets an empty one.
  entries: { empty: [], nested: false },

  /** Loads the models once in each inference process. `args` is params.ts overlaid by init_args. */
  initialize: (args) => TextSystem.create(args),

  /** `args` is what the request says beside its images, for example drop_score. */
  async predict({ images, ...args }, system) {
    const results = [];
    for (const image of images) {
      const lines = await system.read(image, args);
      results.push(
        lines.map(({ confidence, text, text_region, words }) => ({
          confidence,
          text,
          text_region,
          ...(words === undefined ? {} : { words }),
        })),
      );
    }
    return results;
  },
});
