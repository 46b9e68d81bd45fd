import { expect } from 'vitest';
import { post } from './http.js';
import { installModule } from './module.js';
import { fixture } from './pictures.js';
import type { TestServer } from './server.js';

/** Installs the module `slow`, which reads the word "late" of each picture, in so many milliseconds. */
export function installSlow(home: string, ms: number): Promise<void> {
  return installModule(
    home,
    `name: 'slow', version: '1.0.0', summary: 'Is slow', params: {},
  entries: { empty: [], nested: false },
  predict: async () => { await new Promise((resolve) => setTimeout(resolve, ${ms}));
    return [[{ text: 'late', confidence: 1, text_region: [[0, 0], [9, 0], [9, 9], [0, 9]] }]]; },`,
  );
}

/** Sends a job in Azure's form, and returns its address. */
export async function submitJob({ url }: TestServer): Promise<string> {
  const where = '/documentintelligence/documentModels/prebuilt-read:analyze?api-version=2024-11-30';
  const { http, headers, text } = await post(`${url}${where}`, { base64Source: fixture('pixel.png') });
  expect([http, text]).toEqual([202, expect.anything()]);
  return String(headers['operation-location']);
}
