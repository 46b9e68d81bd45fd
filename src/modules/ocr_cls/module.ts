import { Classifier, classifierParams, defineModule } from 'ocrhub';
import { params } from './params.js';

export default defineModule({
  name: 'ocr_cls',
  version: '1.0.0',
  summary: 'Tells whether pictures of one text line are upside down',
  author: 'ocrhub',
  schema: classifierParams,
  params,
  // All pictures' answers in one inner list, as HubServing has it: [[{...}, {...}]].
  entries: { empty: { angle: '', confidence: 0 }, nested: true },

  /** Loads the model once in each inference process. `args` is params.ts overlaid by init_args. */
  initialize: (args) => Classifier.create(args),

  async predict({ images }, classifier) {
    const lines = await classifier.classify(images);
    return lines.map(({ angle, confidence }) => ({ angle, confidence }));
  },
});
