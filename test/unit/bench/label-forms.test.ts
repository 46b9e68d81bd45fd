import { describe, expect, it } from 'vitest';
import { labelForms } from '../../../bench/accuracy/label-forms.js';

describe('labels of public sets', () => {
  it('reads eight numbers and a text with commas, and drops what nobody can read', () => {
    const text = '\uFEFF1,2,3,2,3,4,1,4,"5,90", RM\r\n5,6,7,6,7,8,5,8,###\r\n';
    expect(labelForms.corners(text)).toEqual([
      {
        text: '"5,90", RM',
        poly: [
          [1, 2],
          [3, 2],
          [3, 4],
          [1, 4],
        ],
      },
      {
        text: '',
        ignore: true,
        poly: [
          [5, 6],
          [7, 6],
          [7, 8],
          [5, 8],
        ],
      },
    ]);
  });

  it('reads the words of FUNSD', () => {
    const words = [
      { text: 'DATE:', box: [1, 2, 30, 12] },
      { text: ' ', box: [0, 0, 1, 1] },
    ];
    expect(labelForms.funsd(JSON.stringify({ form: [{ words }] }))).toEqual([
      {
        text: 'DATE:',
        poly: [
          [1, 2],
          [30, 2],
          [30, 12],
          [1, 12],
        ],
      },
    ]);
  });

  it('joins the words of a line of hOCR, with entities and markup', () => {
    const line = (box: string, words: string[]): string =>
      `<span class='ocr_line' title="bbox ${box}; baseline 0 -3">${words.map((word) => `<span class='ocrx_word' title='bbox 0 0 1 1'>${word}</span>`).join('\n')}</span>`;
    const text = `<div>${line('1 2 30 12', ['A &amp; B', '<i>3&#39;4&quot;</i>'])}${line('5 20 9 30', [])}${line('1 40 30 52', ['two'])}</div>`;
    expect(labelForms.hocr(text)).toEqual([
      {
        text: 'A & B 3\'4"',
        poly: [
          [1, 2],
          [30, 2],
          [30, 12],
          [1, 12],
        ],
      },
      {
        text: 'two',
        poly: [
          [1, 40],
          [30, 40],
          [30, 52],
          [1, 52],
        ],
      },
    ]);
  });

  it('takes the paragraph of the picture, and refuses a picture without one', () => {
    const text = JSON.stringify([{ filename: '00.jpg', result: '素直に' }]);
    expect(labelForms.paragraphs(text, '00')).toEqual([{ text: '素直に' }]);
    expect(() => labelForms.paragraphs(text, '01')).toThrow('The labels do not name 01.');
  });

  it('takes the cells of DocLayNet that hold text', () => {
    expect(labelForms.cells(JSON.stringify({ cells: [{ text: 'Annual report' }, { text: ' ' }] }))).toEqual([
      { text: 'Annual report' },
    ]);
  });
});
