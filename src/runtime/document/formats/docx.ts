import { strToU8, zipSync } from 'fflate';
import type { ReadDocument } from '../read-document.js';
import { paragraphsOf } from './paragraphs.js';
import { isRightToLeft } from '../line-text.js';
import { block, element, escapeXml, xmlDeclaration } from './xml.js';

/** A document for Word and LibreOffice: the paragraphs of all pages, each page on a new one. */
export function writeDocx(documents: readonly ReadDocument[], { created }: { readonly created: Date }): Uint8Array {
  const pages = documents.flatMap(({ pages }) => pages);
  const body = pages.flatMap((page, i) => {
    const [first = '', ...others] = paragraphsOf(page);
    return [paragraph(first, i > 0), ...others.map((text) => paragraph(text, false))];
  });
  const parts = {
    '[Content_Types].xml': contentTypes,
    '_rels/.rels': relationships,
    'word/document.xml': block('w:document', { 'xmlns:w': `${schemas}/wordprocessingml/2006/main` }, [
      block('w:body', {}, body),
    ]),
  };
  const entries = Object.entries(parts).map(([name, xml]) => [name, strToU8(`${xmlDeclaration}\n${xml}\n`)] as const);
  return zipSync(Object.fromEntries(entries), { mtime: created });
}

function paragraph(text: string, beginsPage: boolean): string {
  const isRtl = isRightToLeft(text);
  const properties = [
    ...(beginsPage ? [element('w:pageBreakBefore', {})] : []),
    ...(isRtl ? [element('w:bidi', {})] : []),
  ];
  const run = [
    ...(isRtl ? [element('w:rPr', {}, element('w:rtl', {}))] : []),
    ...(text === '' ? [] : [element('w:t', { 'xml:space': 'preserve' }, escapeXml(text))]),
  ];
  const content = [
    ...(properties.length === 0 ? [] : [element('w:pPr', {}, properties.join(''))]),
    ...(run.length === 0 ? [] : [element('w:r', {}, run.join(''))]),
  ];
  return element('w:p', {}, content.join(''));
}

const schemas = 'http://schemas.openxmlformats.org';
const mainType = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml';

const contentTypes = block('Types', { xmlns: `${schemas}/package/2006/content-types` }, [
  element('Default', {
    Extension: 'rels',
    ContentType: 'application/vnd.openxmlformats-package.relationships+xml',
  }),
  element('Default', { Extension: 'xml', ContentType: 'application/xml' }),
  element('Override', { PartName: '/word/document.xml', ContentType: mainType }),
]);

const relationships = block('Relationships', { xmlns: `${schemas}/package/2006/relationships` }, [
  element('Relationship', {
    Id: 'rId1',
    Type: `${schemas}/officeDocument/2006/relationships/officeDocument`,
    Target: 'word/document.xml',
  }),
]);
