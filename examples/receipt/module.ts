// Reads a receipt's total and date: the text of ocr_system, searched with regular expressions.
import { defineModule, systemParams, TextSystem, z } from 'ocrhub';
import { findDate } from './date.js';
import { params } from './params.js';
import { findTotal } from './total.js';

export default defineModule({
  name: 'receipt',
  version: '1.0.0',
  summary: "Reads a receipt's total and date",
  schema: systemParams.extend({
    total_labels: z.array(z.string().min(1)).min(1).meta({ description: 'What stands before the total.' }),
    other_labels: z.array(z.string().min(1)).meta({ description: 'What stands in lines that are no total.' }),
  }),
  params,
  // What a request may say beside its pictures; anything else is refused by name.
  fields: z.object({
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, 'expected three capitals, such as EUR')
      .optional()
      .meta({ description: 'Currency of the amounts, given back with the total.' }),
    month_first: z.boolean().default(false).meta({ description: 'Whether 03/04/2026 is the fourth of March.' }),
  }),
  entries: { empty: null, nested: false },

  async initialize({ total_labels, other_labels, ...args }) {
    return { system: await TextSystem.create(args), total_labels, other_labels };
  },

  async predict({ images, currency, month_first, ...args }, { system, total_labels, other_labels }) {
    const results = [];
    for (const image of images) {
      const lines = await system.read(image, args);
      const amount = findTotal(lines, total_labels, other_labels);
      results.push({
        total: amount === undefined ? null : { amount, currency: currency ?? null },
        date: findDate(lines, month_first) ?? null,
        lines: lines.map(({ text }) => text),
      });
    }
    return results;
  },
});
