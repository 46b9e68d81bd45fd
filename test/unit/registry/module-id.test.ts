import { describe, expect, it } from 'vitest';
import { checkName, checkVersion, newestFirst, parseModuleId } from '../../../src/runtime/registry/module-id.js';

describe('parseModuleId', () => {
  it('reads a name without a version', () => {
    expect(parseModuleId('ocr_system')).toEqual({ name: 'ocr_system', version: undefined });
  });

  it('reads name==version and ignores surrounding spaces', () => {
    expect(parseModuleId(' ocr_det==1.0.0 ')).toEqual({ name: 'ocr_det', version: '1.0.0' });
    expect(parseModuleId('a-b==2.0.0-rc.1')).toEqual({ name: 'a-b', version: '2.0.0-rc.1' });
  });

  it.each(['', '1abc', '../x', 'a/b', 'a.b', 'a b', 'x==1.0.0==2.0.0', 'ä', `a${'b'.repeat(64)}`])(
    'refuses the name in %j',
    (text) => {
      expect(() => parseModuleId(text)).toThrow(expect.objectContaining({ code: 'module_name_illegal' }));
    },
  );

  it.each(['x==', 'x==1', 'x==1.0', 'x==v1.0.0', 'x==latest', 'x==01.0.0', 'x==../1.0.0'])(
    'refuses the version in %j',
    (text) => {
      expect(() => parseModuleId(text)).toThrow(expect.objectContaining({ code: 'module_version_illegal' }));
    },
  );
});

it('checkName accepts a name of 64 characters', () => {
  const name = `a${'b'.repeat(63)}`;
  expect(checkName(name)).toBe(name);
});

it('checkVersion names the module if its version is not semantic', () => {
  expect(() => checkVersion('mine', '1.0')).toThrow('"1.0" is not a semantic version (of module mine)');
});

it('newestFirst sorts versions as numbers, and a release before its release candidates', () => {
  const versions = ['1.9.0', '1.10.0', '2.0.0-rc.1', '2.0.0'].map((version) => ({ version }));
  expect(newestFirst(versions).map(({ version }) => version)).toEqual(['2.0.0', '2.0.0-rc.1', '1.10.0', '1.9.0']);
});
