import { z } from '../../../values/check.js';

const flag = z.boolean('expected true, false or null');
const number = z.number('expected a number');

/** What a client may ask of the pipeline. Null means the same as no value. */
const pipelineFields = {
  useDocOrientationClassify: flag.nullish().describe('Whether to find and read turned pages.'),
  useDocUnwarping: z.literal(false, 'pages are not flattened; expected false or null').nullish(),
  useTextlineOrientation: flag.nullish().describe('Whether to find lines that are upside down.'),
  textDetLimitSideLen: z.int('expected a whole number').positive('expected a number above 0').nullish(),
  textDetLimitType: z.enum(['min', 'max'], 'expected min or max').nullish(),
  textDetThresh: number.nullish(),
  textDetBoxThresh: number.nullish(),
  textDetUnclipRatio: number.nullish(),
  textRecScoreThresh: number.nullish(),
  returnWordBox: flag.nullish().describe('Also answer the words of each line, with their boxes.'),
};

const missingStep = z.literal(false, 'this step is not there; expected false or null').nullish();

/** Of pipelines for layouts. There are no tables, formulas, seals, charts and pictures to treat in one way or another. */
const layoutFields = {
  useLayoutDetection: missingStep,
  useRegionDetection: missingStep,
  useTableRecognition: missingStep,
  useFormulaRecognition: missingStep,
  useSealRecognition: missingStep,
  useChartRecognition: missingStep,
  useOcrForImageBlock: missingStep,
  mergeLayoutBlocks: missingStep,
  mergeTables: missingStep,
  relevelTitles: missingStep,
  restructurePages: missingStep,
  formatBlockContent: flag.nullish().describe('No difference: blocks are text.'),
  prettifyMarkdown: flag.nullish().describe('No difference: there are no pictures.'),
  showFormulaNumber: flag.nullish().describe('No difference: there are no formulas.'),
  returnMarkdownImages: flag.nullish().describe('No difference: there are no pictures.'),
  markdownIgnoreLabels: z.array(z.string()).nullish().describe('No difference: all blocks are text.'),
};

const request = {
  file: z
    .string('expected a file in base64, or its address')
    .describe('A picture or a PDF file in base64, or its address.'),
  fileType: z
    .union([z.literal(0), z.literal(1)], 'must be 0 (PDF), 1 (picture) or null')
    .nullish()
    .describe('0: PDF, 1: picture. The server looks at the file itself, so that null is as good.'),
  logId: z.string('expected a text').nullish().describe('Is in the answer.'),
};

const visualize = flag.nullish();

/** The fields of a request to the pipeline OCR, as PaddleX describes them. */
export const ocrFields = z.looseObject({
  ...request,
  ...pipelineFields,
  visualize: visualize.describe('Unless false, the answer has a picture of each page with its lines.'),
});

/** The fields of a request to a pipeline for layouts. */
export const layoutRequestFields = z.looseObject({
  ...request,
  ...pipelineFields,
  ...layoutFields,
  visualize: visualize.describe('Whether the answer has a picture of each page with its lines.'),
});

/** The options of a job, without its file. */
export const jobOptions = z.looseObject({
  ...pipelineFields,
  ...layoutFields,
  visualize: visualize.describe('Whether the answer has a picture of each page with its lines.'),
});

export type OcrFields = z.output<typeof ocrFields>;

/** The module's fields by the names that PaddleX has for them. */
export const moduleNames = {
  useDocOrientationClassify: 'page_rotation',
  useTextlineOrientation: 'use_angle_cls',
  textDetLimitSideLen: 'det_limit_side_len',
  textDetLimitType: 'det_limit_type',
  textDetThresh: 'det_db_thresh',
  textDetBoxThresh: 'det_db_box_thresh',
  textDetUnclipRatio: 'det_db_unclip_ratio',
  textRecScoreThresh: 'drop_score',
  returnWordBox: 'return_word_box',
} as const satisfies Partial<Record<keyof OcrFields, string>>;
