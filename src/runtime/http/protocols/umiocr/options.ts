import { z } from '../../../values/check.js';

const place = z.tuple([z.number('expected a number'), z.number('expected a number')], 'expected [x, y]');

/** Each parser of Umi-OCR that does not depend on the reading order; the module's order is kept. */
const parsers = ['multi_para', 'multi_line', 'multi_none', 'none'] as const;

/** The options of a request by Umi-OCR's names. */
export const optionsSchema = z.strictObject({
  'ocr.language': z.string('expected a text').optional(),
  'ocr.cls': z.boolean('expected true or false').optional(),
  'ocr.limit_side_len': z.int('expected a whole number').positive('expected a number above 0').optional(),
  'tbpu.parser': z.enum(parsers, `expected one of ${parsers.join(', ')}`).optional(),
  'tbpu.ignoreArea': z
    .array(z.tuple([place, place], 'expected two corners'), 'expected a list of rectangles')
    .optional(),
  'data.format': z.enum(['dict', 'text'], 'expected dict or text').optional(),
});

export type Options = z.output<typeof optionsSchema>;

/** The answer of `GET /api/ocr/get_options`. */
export const optionList = {
  'ocr.language': {
    title: 'Language',
    type: 'text',
    default: '',
    toolTip: 'Not used: the models read the languages of their set.',
  },
  'ocr.cls': { title: 'Find lines that are upside down', type: 'boolean', default: false },
  'ocr.limit_side_len': {
    title: 'Length of the longer side at detection',
    type: 'enum',
    optionsList: [
      [960, '960'],
      [2880, '2880'],
      [4000, '4000'],
    ],
    default: 960,
  },
  'tbpu.parser': {
    title: 'Line ends',
    type: 'enum',
    optionsList: [
      ['multi_para', 'By paragraphs'],
      ['multi_line', 'Each line'],
      ['multi_none', 'None'],
      ['none', 'As read'],
    ],
    default: 'multi_para',
  },
  'tbpu.ignoreArea': {
    title: 'Areas whose lines are left out',
    type: 'var',
    default: [],
    toolTip: '[[[left, top], [right, bottom]], ...]',
  },
  'data.format': {
    title: 'Form of the answer',
    type: 'enum',
    optionsList: [
      ['dict', 'Lines with their places'],
      ['text', 'Text'],
    ],
    default: 'dict',
  },
};
