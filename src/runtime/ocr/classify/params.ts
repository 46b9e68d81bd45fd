import { z } from '../../values/check.js';
import { imageShape } from '../image-shape.js';
import { defaultModelSet, device, perRequest, sources, use_gpu } from '../shared-params.js';

export const classifierParams = z.strictObject({
  device,
  use_gpu,
  cls_model_dir: z.string().min(1).default(defaultModelSet).meta({
    description:
      "Line angle model: a set's name (ocrhub models), a folder with cls.onnx or inference.onnx, or an ONNX file.",
    source: sources.ocrhub,
  }),
  cls_image_shape: imageShape('3, 48, 192').meta({
    description: "Channels, height and width of the classifier's input.",
    unit: 'px',
    source: sources.hub,
  }),
  cls_first_part: z.boolean().default(true).meta({
    description:
      'Judge a long line by its first part, which fits cls_image_shape. If false, squeeze the whole line into it, as the reference does, which turns some long upright lines.',
    source: sources.ocrhub,
  }),
  label_list: z
    .array(z.enum(['0', '180']))
    .length(2)
    .readonly()
    .default(['0', '180'])
    .meta({
      description: "Angle of each class, in the order of the model's output.",
      unit: 'degrees',
      source: sources.utility,
    }),
  cls_batch_num: z.int().min(1).max(256).default(30).meta({
    description: 'Maximum lines classified in one run.',
    unit: 'lines',
    source: sources.hub,
  }),
  cls_thresh: perRequest(
    z.number().min(0).max(1).default(0.9).meta({
      description: 'Probability above which a line of class 180 is turned before it is read.',
      unit: 'probability',
      source: sources.hub,
    }),
  ),
});

export type ClassifierParams = Readonly<z.output<typeof classifierParams>>;
