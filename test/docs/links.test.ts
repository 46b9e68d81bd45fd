import { describe, expect, it } from 'vitest';
import { brokenLinks, localLinks, markdownFiles } from '../../scripts/check-links.js';

const files = markdownFiles();

it('the link check reads the README, the root pages, the decisions and the pages in other folders', () => {
  expect(files).toEqual(
    expect.arrayContaining([
      'README.md',
      'CHANGELOG.md',
      'CONTRIBUTING.md',
      'SECURITY.md',
      'docs/serving.md',
      'docs/decisions/0001-own-geometry.md',
      'test/fixtures/README.md',
    ]),
  );
});

it('the link check finds links, among them links to sections', () => {
  const links = files.flatMap(localLinks);
  expect(links.length).toBeGreaterThan(60);
  expect(links.filter((link) => link.includes('#')).length).toBeGreaterThan(5);
});

describe.each(files)('%s', (file) => {
  it(`${file} links only to files and sections that exist`, () => {
    expect(brokenLinks(file)).toEqual([]);
  });
});
