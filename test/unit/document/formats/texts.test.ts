import { marked } from 'marked';
import { describe, expect, it } from 'vitest';
import { writeMarkdown } from '../../../../src/runtime/document/formats/markdown.js';
import { writeText } from '../../../../src/runtime/document/formats/text.js';
import { line, readDocument, readPage, rectangle } from '../../../helpers/read-documents.js';

const rows = (...texts: string[]) =>
  readPage(texts.map((text, i) => line(text, rectangle(0, i * 25, text.length * 10, i * 25 + 20))));

describe('writeText', () => {
  it('writes a line a row, and a form feed between two pages', () => {
    const documents = [readDocument([rows('one', 'two'), rows(), rows('three')]), readDocument([rows('four')])];
    expect(writeText(documents, { paragraphs: false })).toBe('one\ntwo\n\f\fthree\n\ffour\n');
  });

  it('writes paragraphs with an empty row between two', () => {
    const page = rows(
      'The first line of the paragraph fills it,',
      'the second does not.',
      'This is another paragraph of the page.',
    );
    expect(writeText([readDocument([page])], { paragraphs: true })).toBe(
      'The first line of the paragraph fills it, the second does not.\n\nThis is another paragraph of the page.\n',
    );
  });

  it('writes no form feed or line break from within a line', () => {
    expect(writeText([readDocument([rows('a\fb\r\nc')])], { paragraphs: false })).toBe('a b c\n');
  });

  it('writes nothing for an empty page', () => {
    expect(writeText([readDocument([rows()])], { paragraphs: false })).toBe('');
  });
});

describe('writeMarkdown', () => {
  it('writes paragraphs, and a thematic break between two pages', () => {
    const markdown = writeMarkdown([readDocument([rows('one', 'two'), rows('three')])]);
    expect(markdown).toBe('one\n\ntwo\n\n---\n\nthree\n');
    expect(marked.lexer(markdown).map(({ type }) => type)).toEqual([
      ...['paragraph', 'space', 'paragraph', 'space'],
      ...['hr', 'space', 'paragraph', 'space'].slice(0, 3),
    ]);
  });

  it.each([
    '# no heading',
    '#5 is no heading',
    '* no list',
    '- no list',
    '+ no list',
    '1. no list',
    '2) no list',
    '1.5 litres',
    '> no quote',
    '---',
    '===',
    '***',
    '___',
    '```no code',
    '~~~',
    '`no code`',
    '*no emphasis*, **nor here**, _nor here_, __nor here__',
    'snake_case_name and _end',
    '~~not deleted~~',
    '[no](link) ![no](picture) [^1] [x]: no-reference',
    '<b>no markup</b> <!-- no comment --> <script>alert(1)</script>',
    '&amp; &#65; &copy; AT&T, A & B',
    'a \\* b \\ c \\',
    '| no | table |',
    '- [ ] no task',
    'Total: $5.00 (10 % off!)',
    '价格：*100* 元',
    '    no code',
  ])('"%s" is a paragraph with this text', (text) => {
    const html = marked.parse(writeMarkdown([readDocument([rows(text)])]), { async: false });
    const unescaped = html
      .replace(/&lt;/g, '<')
      .replace(/&gt;/g, '>')
      .replace(/&quot;/g, '"')
      .replace(/&#39;/g, "'")
      .replace(/&amp;/g, '&');
    expect(unescaped).toBe(`<p>${text.trim()}</p>\n`);
  });

  it('leaves usual text as it is', () => {
    const text = 'Mr. O\'Neil (aged 42) said: "Well-known, isn\'t it?" - A+ & B#, snake_case, 1.5, #1, $5!';
    expect(writeMarkdown([readDocument([rows(text)])])).toBe(`${text}\n`);
  });

  it('writes a break for an empty page', () => {
    expect(writeMarkdown([readDocument([rows('a'), rows(), rows('b')])])).toBe('a\n\n---\n\n---\n\nb\n');
    expect(writeMarkdown([readDocument([rows()])])).toBe('');
  });
});
