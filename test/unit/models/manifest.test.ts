import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { locateFile } from '../../../src/runtime/models/locate.js';
import { embeddedFolder, modelSets, filesOf, sourcesOf } from '../../../src/runtime/models/manifest.js';
import { resolveHome } from '../../../src/runtime/config/home.js';

const sets = [...modelSets()];
const sources = sets.flatMap(([name, set]) =>
  filesOf(set).flatMap((setFile) => sourcesOf(set, setFile).map((source) => ({ name, setFile, source }))),
);

describe('models/manifest.json', () => {
  it('lists the stock sets and a recognizer for each script', () => {
    const languages = ['en', 'latin', 'eslav', 'korean', 'th', 'el', 'arabic', 'cyrillic', 'devanagari', 'ta', 'te'];
    expect(sets.map(([name]) => name)).toEqual([
      'ppocrv6-small',
      'ppocrv6-small-int8',
      'ppocrv4-mobile',
      'ppocrv5-mobile',
      'ppocrv6-tiny',
      'ppocrv6-medium',
      ...languages.map((language) => `ppocrv5-mobile-${language}`),
    ]);
  });

  it('has a dictionary for every recognizer and a license for every set', () => {
    for (const [name, set] of sets) {
      expect(set.files.dict !== undefined, name).toBe(set.files.rec !== undefined);
      expect(set.license, name).toBe('Apache-2.0');
    }
  });

  it.each(['ppocrv6-small', 'ppocrv4-mobile'])('has the size and SHA-256 of each file of %s', (name) => {
    const own = sources.filter((each) => each.name === name && ['embedded', 'npm'].includes(each.source.kind));
    expect(own).toHaveLength(4);
    for (const { setFile, source } of own) {
      const set = modelSets().get(name);
      const content = readFileSync((set && locateFile(resolveHome(), name, set, setFile)?.file) ?? '');
      expect(content.length, setFile).toBe(source.size);
      expect(createHash('sha256').update(content).digest('hex'), setFile).toBe(source.sha256);
    }
  });

  it('downloads all files from one official host, each from its own address', () => {
    const official = sources.flatMap(({ source }) => (source.kind === 'official' ? [source.url] : []));
    for (const url of official)
      expect(url).toMatch(
        /^https:\/\/huggingface\.co\/PaddlePaddle\/\w[\w-]*_onnx\/resolve\/main\/inference\.(onnx|yml)$/,
      );
    expect(new Set(official).size).toBe(official.length);
  });

  it('is in the folder of the embedded models', () => {
    expect(readFileSync(path.join(embeddedFolder, 'manifest.json'), 'utf8')).toContain('"ppocrv6-small"');
  });
});
