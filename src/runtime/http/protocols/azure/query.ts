import { check, z } from '../../../values/check.js';

const list = <T extends z.ZodType>(item: T) =>
  z.preprocess((value) => (typeof value === 'string' ? value.split(',') : value), z.array(item));

/** The query of a request to analyze a document. */
export const analyzeQuery = z.strictObject({
  'api-version': z
    .string('expected a version such as 2024-11-30')
    .regex(/^\d{4}-\d{2}-\d{2}(-preview)?$/, 'expected a version such as 2024-11-30'),
  pages: z.string('expected page numbers such as 1-3,7').optional(),
  locale: z
    .string('expected a language such as en-US')
    .optional()
    .describe('Not used: the models read their languages.'),
  stringIndexType: z
    .enum(
      ['textElements', 'unicodeCodePoint', 'utf16CodeUnit'],
      'expected textElements, unicodeCodePoint or utf16CodeUnit',
    )
    .default('textElements'),
  features: list(
    z.literal('ocrHighResolution', 'only ocrHighResolution is there, which pages are read at anyway'),
  ).optional(),
  outputContentFormat: z.enum(['text', 'markdown'], 'expected text or markdown').default('text'),
  output: list(z.enum(['pdf', 'figures'], 'expected pdf or figures')).default([]),
  _overload: z.string().optional(),
});

export type AnalyzeQuery = z.output<typeof analyzeQuery>;

/** @throws OcrHubError `key_unknown`, `value_invalid` */
export function readQuery(query: Readonly<Record<string, unknown>>): AnalyzeQuery {
  return check(analyzeQuery, query, 'The query', { noun: 'parameter' });
}
