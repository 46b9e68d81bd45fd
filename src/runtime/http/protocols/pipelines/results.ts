import { paragraphsWithLines } from '../../../document/formats/paragraphs.js';
import type { ReadPage } from '../../../document/read-document.js';
import type { AnsweredFile, ServiceDescription } from '../../../service/contract.js';
import { boundsOf } from '../lines/bounds.js';
import { markdownOf } from '../lines/markdown.js';

/** The module's values for a request by name; undefined for a field that the module does not have. */
export type Settings = Readonly<Record<string, unknown>>;

const shownSettings = [
  'use_angle_cls',
  'return_word_box',
  'det_limit_side_len',
  'det_limit_type',
  'det_db_thresh',
  'det_max_side_limit',
  'det_db_box_thresh',
  'det_db_unclip_ratio',
  'drop_score',
] as const;

/** The values that answers show. */
export function settingsOf(fields: Settings, module: ServiceDescription): Settings {
  const { properties } = module.fields;
  return Object.fromEntries(
    shownSettings.map((name) => [
      name,
      fields[name] ?? (Object.hasOwn(properties, name) ? properties[name]?.default : undefined),
    ]),
  );
}

/** `prunedResult` of the pipeline OCR. */
export function toOcrResult({ lines }: ReadPage, settings: Settings): object {
  const setting = (name: (typeof shownSettings)[number]): unknown => settings[name];
  const polys = lines.map(({ text_region }) => text_region);
  const turnsLines = setting('use_angle_cls') === true;
  const returnsWords = setting('return_word_box') === true;
  return {
    model_settings: { use_doc_preprocessor: false, use_textline_orientation: turnsLines },
    dt_polys: polys,
    text_det_params: {
      limit_side_len: setting('det_limit_side_len'),
      limit_type: setting('det_limit_type'),
      thresh: setting('det_db_thresh'),
      max_side_limit: setting('det_max_side_limit'),
      box_thresh: setting('det_db_box_thresh'),
      unclip_ratio: setting('det_db_unclip_ratio'),
    },
    text_type: 'general',
    // -1: not classified. The angles that the classifier finds are not in the module's answer.
    ...(turnsLines || lines.length === 0 ? {} : { textline_orientation_angles: lines.map(() => -1) }),
    text_rec_score_thresh: setting('drop_score'),
    return_word_box: returnsWords,
    rec_texts: lines.map(({ text }) => text),
    rec_scores: lines.map(({ confidence }) => confidence),
    rec_polys: polys,
    rec_boxes: polys.map(boundsOf),
    ...(returnsWords ? wordsOf(lines) : {}),
  };
}

function wordsOf(lines: ReadPage['lines']): object {
  return {
    text_word: lines.map(({ words = [] }) => words.map(({ text }) => text)),
    text_word_boxes: lines.map(({ words = [] }) => words.map(({ region }) => boundsOf(region))),
  };
}

/** An item of `layoutParsingResults`: a block for each paragraph, and the page as Markdown. */
export function toLayoutResult(page: ReadPage, settings: Settings): { prunedResult: object; markdown: object } {
  const blocks = paragraphsWithLines(page).map(({ text, lines }, i) => ({
    block_label: 'text',
    block_content: text,
    block_bbox: boundsOf(lines.flatMap(({ text_region }) => text_region)),
    block_id: i,
    block_order: i + 1,
  }));
  const { width, height } = page;
  const prunedResult = { width, height, parsing_res_list: blocks, overall_ocr_res: toOcrResult(page, settings) };
  return { prunedResult, markdown: { text: markdownOf(page), images: {}, isStart: true, isEnd: true } };
}

/** Sizes of the pages of a file. */
export function toDataInfo(file: AnsweredFile | null | undefined, isPdf: boolean): object {
  const sizes = (file?.pages ?? []).map(({ width, height }) => ({ width, height }));
  if (file?.kind !== 'document') return { ...sizes[0], type: 'image' };
  return { numPages: sizes.length, pages: sizes, type: isPdf ? 'pdf' : 'tiff' };
}
