import { describe, expect, it } from 'vitest';
import { parsePageSelection, selectPages } from '../../../src/runtime/document/page-selection.js';

const document = { kind: 'document', pageCount: 9, usualPages: [1, 2, 3, 4, 5, 6, 7, 8, 9] } as const;
const animation = { kind: 'picture', pageCount: 9, usualPages: [1] } as const;
const picture = { kind: 'picture', pageCount: 1, usualPages: [1] } as const;

describe('selectPages', () => {
  it.each([
    ['1', [1]],
    ['2-4', [2, 3, 4]],
    ['8-', [8, 9]],
    ['8-100', [8, 9]],
    ['7,1-2,2,7', [7, 1, 2]],
    [' 3 - 4 , 6 ', [3, 4, 6]],
    ['9-99999999999999', [9]],
  ])('selects %j', (text, pages) => {
    expect(selectPages(document, text, 100)).toEqual(pages);
  });

  it('takes the usual pages without a selection, and those of a picture with any', () => {
    expect(selectPages(document, undefined, 9)).toEqual(document.usualPages);
    expect(selectPages(animation, undefined, 9)).toEqual([1]);
    expect(selectPages(animation, '2-3', 9)).toEqual([2, 3]);
    expect(selectPages(picture, '2-3', 9)).toEqual([1]);
  });

  it('refuses a page after the last, and more pages than the limit', () => {
    expect(() => selectPages(document, '3,10', 100)).toThrow('it has no page 10; its last page is 9');
    expect(() => selectPages(document, undefined, 8)).toThrow('9 pages are more than the limit of 8');
    expect(selectPages(document, '2-9', 8)).toHaveLength(8);
  });
});

describe('parsePageSelection', () => {
  it.each(['', ' ', ',', '1,', '-3', 'a', '1-2-3', '1;2', '0', '0-3', '4-2', '1.5', '-1', '１', '1'.repeat(2001)])(
    'refuses %j',
    (text) => {
      expect(() => parsePageSelection(text)).toThrow(expect.objectContaining({ code: 'value_invalid' }) as Error);
    },
  );
});
