import path from 'node:path';
import { expect, it } from 'vitest';
import { findPackage, listStock, openPackage } from '../../../src/runtime/registry/package-folder.js';
import { root } from '../../helpers/cli.js';
import { packageFiles, writeFiles } from '../../helpers/files.js';
import { temporaryFolder } from '../../helpers/home.js';

it('listStock returns the four packages that come with ocrhub', async () => {
  expect(await listStock()).toEqual(['ocr_cls', 'ocr_det', 'ocr_rec', 'ocr_system']);
});

it('findPackage finds a stock package by its bare name', async () => {
  const found = await findPackage('ocr_det');
  expect(found.folder).toBe(path.join(root, 'src', 'modules', 'ocr_det'));
});

it('findPackage treats a path as a folder and returns its index file', async () => {
  const folder = await writeFiles(await temporaryFolder(), packageFiles('export default {};'));
  expect(await findPackage(folder)).toMatchObject({ folder, entry: path.join(folder, 'index.ts') });
});

it('openPackage accepts a package in JavaScript', async () => {
  const files = { 'index.js': '', 'module.js': '', 'params.js': '' };
  const folder = await writeFiles(await temporaryFolder(), files);
  expect(await openPackage(folder)).toMatchObject({ folder, entry: path.join(folder, 'index.js') });
});

it('findPackage does not look for a bare name in the working directory', async () => {
  await expect(findPackage('test')).rejects.toMatchObject({
    message: 'No stock package is called "test"; there are: ocr_cls, ocr_det, ocr_rec, ocr_system',
    exitCode: 3,
  });
});

it('findPackage reports a missing folder and the stock package with its name', async () => {
  await expect(findPackage('./nowhere/ocr_det')).rejects.toMatchObject({
    message: 'There is no folder ./nowhere/ocr_det',
    hint: 'The stock package of that name: ocrhub install ocr_det',
    exitCode: 3,
  });
});

it.each([[''], ['./package.json']])('findPackage refuses %j, which is not a folder', async (argument) => {
  await expect(findPackage(argument)).rejects.toMatchObject({ code: 'package_not_found' });
});

it.each(['index.ts', 'module.ts', 'params.ts'])('openPackage names a missing %s', async (missing) => {
  const files = Object.fromEntries(Object.entries(packageFiles('')).filter(([name]) => name !== missing));
  const folder = await writeFiles(await temporaryFolder(), files);
  await expect(openPackage(folder)).rejects.toMatchObject({
    message: `${folder} is not a service package: it has no ${missing}`,
    exitCode: 5,
  });
});

it('openPackage names a config.json that is not JSON', async () => {
  const folder = await writeFiles(await temporaryFolder(), { ...packageFiles(''), 'config.json': '{"port": ' });
  await expect(openPackage(folder)).rejects.toMatchObject({
    code: 'file_not_json',
    details: { file: path.join(folder, 'config.json') },
  });
});

it('openPackage reads a config.json with a byte order mark, as Windows writes it', async () => {
  const files = { ...packageFiles(''), 'config.json': '\ufeff{"port": 8866}' };
  const folder = await writeFiles(await temporaryFolder(), files);
  expect(await openPackage(folder)).toMatchObject({ config: { port: 8866 } });
});

it('openPackage refuses a config.json that cannot be read', async () => {
  const folder = await writeFiles(await temporaryFolder(), { ...packageFiles(''), 'config.json/x': '' });
  await expect(openPackage(folder)).rejects.toMatchObject({ code: 'file_unreadable' });
});

it('openPackage reports a missing folder', async () => {
  await expect(openPackage('/nowhere')).rejects.toMatchObject({ message: 'There is no folder /nowhere', exitCode: 3 });
});
