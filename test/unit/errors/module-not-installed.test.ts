import { expect, it } from 'vitest';
import { OcrHubError } from '../../../src/runtime/errors/error.js';

const stock = ['ocr_cls', 'ocr_det', 'ocr_rec', 'ocr_system'];

it.each([
  ['ocr_system', [], /installed: none$/, 'Install it: ocrhub install ocr_system'],
  ['ocr_sys', [], /did you mean "ocr_system"\?$/, 'Install that one: ocrhub install ocr_system'],
  ['OCR_SYSTEM', [], /did you mean "ocr_system"\?$/, 'Install that one: ocrhub install ocr_system'],
  ['ocr-system', ['ocr_rec'], /did you mean "ocr_system"\?$/, 'Install that one: ocrhub install ocr_system'],
  ['Ocr_Sys', ['ocr_system'], /did you mean "ocr_system"\?$/, 'Install your own folder: ocrhub install ./Ocr_Sys'],
  ['invoices', ['ocr_rec'], /installed: ocr_rec$/, 'Install your own folder: ocrhub install ./invoices'],
])('of %s with %j installed it is said what exists and what to do', (name, installed, message, hint) => {
  const error = new OcrHubError('module_not_installed', { name, installed, stock });
  expect(error.message).toMatch(message);
  expect(error.hint.startsWith(hint)).toBe(true);
  expect(error.hint).not.toContain(`install ${name} (a stock package)`);
});
