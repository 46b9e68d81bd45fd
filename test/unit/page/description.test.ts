import { describe, expect, it } from 'vitest';
import { parseDescription } from '../../../src/page/server/description.js';
import { changedFields } from '../../../src/page/server/field-values.js';
import { startLinesServer } from '../../helpers/lines-server.js';

async function openApi(): Promise<unknown> {
  const { url } = await startLinesServer({ routes: ['ocr_system', 'receipts of May'] });
  return (await fetch(`${url}/openapi.json`)).json();
}

describe('parseDescription', () => {
  it('finds the served modules, their fields and formats, and the largest body in /openapi.json of a server', async () => {
    const { modules, maxBody } = parseDescription(await openApi());
    expect(maxBody).toBe(1_000_000);
    expect(modules.map(({ route }) => route)).toEqual(['ocr_system', 'receipts of May']);
    const [module] = modules;
    expect(module?.formats).toEqual(['text', 'markdown', 'json', 'tsv', 'hocr', 'alto', 'page', 'pdf', 'docx', 'png']);
    const field = (name: string) => module?.fields.find((each) => each.name === name);
    expect(field('drop_score')).toMatchObject({ kind: 'number', minimum: 0, maximum: 1, defaultText: '0.5' });
    expect(field('return_word_box')).toMatchObject({ kind: 'switch', defaultText: 'false' });
    expect(field('page_rotation')).toMatchObject({
      kind: 'choice',
      choices: expect.arrayContaining(['auto', '0', '90']) as unknown,
    });
    expect(field('dpi')).toMatchObject({ kind: 'number', minimum: 36, maximum: 1200, defaultText: '' });
    expect(field('password')).toMatchObject({ kind: 'text', defaultText: '' });
  });

  it('leaves out what the page itself sends', async () => {
    const names = parseDescription(await openApi()).modules[0]?.fields.map(({ name }) => name) ?? [];
    for (const own of ['file', 'url', 'format', 'page_pictures', 'paragraphs']) expect(names).not.toContain(own);
  });

  it.each([
    ['nothing', undefined],
    ['a text', 'no JSON of ours'],
    ['a server of something else', { openapi: '3.1.0', info: {}, paths: { '/pets': { get: {} } } }],
    ['paths of a wrong kind', { paths: [null, 3] }],
  ])('finds no module in %s', (_, value) => {
    expect(parseDescription(value)).toEqual({ modules: [], maxBody: undefined });
  });

  it('finds a module without a form, which then has no fields', () => {
    const { modules } = parseDescription({
      paths: { '/predict/own': { post: { summary: 'Own', requestBody: null } } },
    });
    expect(modules).toEqual([{ route: 'own', summary: 'Own', fields: [], formats: [] }]);
  });
});

describe('changedFields', () => {
  it('has the values that differ from those of the module, of its own fields alone', async () => {
    const [module] = parseDescription(await openApi()).modules;
    if (module === undefined) throw new Error('no module');
    const values = { drop_score: '0.5', dpi: '300', pages: '', page_rotation: '90', of_another_module: '1' };
    expect(changedFields(module, values)).toEqual({ dpi: '300', page_rotation: '90' });
    expect(changedFields(module, {})).toEqual({});
  });
});
