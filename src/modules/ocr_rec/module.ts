import { defineModule, Recognizer, recognizerParams } from 'ocrhub';
import { params } from './params.js';

export default defineModule({
  name: 'ocr_rec',
  version: '1.0.0',
  summary: 'Reads pictures of one text line',
  author: 'ocrhub',
  schema: recognizerParams,
  params,
  // All pictures' answers in one inner list, as HubServing has it: [[{...}, {...}]].
  entries: { empty: { confidence: 0, text: '' }, nested: true },

  /** Loads the model once in each inference process. `args` is params.ts overlaid by init_args. */
  initialize: (args) => Recognizer.create(args),

  /** `args` is what the request says beside its images: return_word_box, rec_model. */
  async predict({ images, ...args }, recognizer) {
    const lines = await recognizer.recognize(images, args);
    return lines.map(({ confidence, text, words }) => ({
      confidence,
      text,
      ...(words === undefined ? {} : { words }),
    }));
  },
});
