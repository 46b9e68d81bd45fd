import { expect, it } from 'vitest';
import { naming, toUnwritable, toWritingError, unwritablePlace } from '../../../src/runtime/files/unwritable.js';

const systemError = (code: string, paths: object = {}): Error => Object.assign(new Error(code), { code, ...paths });

it.each(['ENOSPC', 'EDQUOT', 'EFBIG', 'EROFS'])(
  '%s without a path is about the folder that is being written',
  (code) => {
    expect(unwritablePlace(systemError(code), '/home')).toBe('/home');
    expect(toUnwritable('/new', systemError(code))).toMatchObject({ code: 'folder_unwritable' });
  },
);

it.each(['ENOSPC', 'EROFS'])('a copy that fails with %s is about its target', (code) => {
  expect(unwritablePlace(systemError(code, { path: '/from', dest: '/to' }), '/home')).toBe('/to');
});

it.each(['EACCES', 'EIO', 'ENOSPC'])('a symbolic link that fails with %s is about its own place', (code) => {
  const error = systemError(code, { syscall: 'symlink', path: 'what it holds', dest: '/to/link' });
  expect(unwritablePlace(error, '/home')).toBe('/to/link');
  expect(toWritingError(error)?.message).toContain('/to cannot be written');
});

it.each(['write', 'fsync', 'fdatasync', 'ftruncate'])(
  'a %s of an open file is about the folder that is written',
  (syscall) => {
    const error = systemError('EIO', { syscall });
    expect(unwritablePlace(error, '/home')).toBe('/home');
    expect(() => naming('/out/a')(error)).toThrow(error);
    expect(unwritablePlace(error, '/home')).toBe('/out/a');
    expect(toWritingError(error)?.message).toContain('/out cannot be written');
  },
);

it.each(['EACCES', 'EPERM', 'ENOTDIR', 'EISDIR', 'EIO', 'EMFILE', 'ENFILE'])('%s is about its path', (code) => {
  expect(unwritablePlace(systemError(code, { path: '/to' }), '/home')).toBe('/to');
  expect(unwritablePlace(systemError(code), '/home')).toBeUndefined();
});

it('a socket that cannot be opened is about its address', () => {
  expect(unwritablePlace(systemError('EACCES', { syscall: 'listen', address: '/to' }), '/home')).toBe('/to');
});

it.each(['ENOSPC', 'EACCES', 'EIO'])('%s of a rename from the staging folder is about the folder', (code) => {
  const error = systemError(code, { path: '/new.staging', dest: '/new' });
  expect(toUnwritable('/new', error, '/new.staging')).toMatchObject({ code: 'folder_unwritable' });
});

it('an error about another folder, or of another kind, is returned unchanged', () => {
  for (const error of [systemError('EACCES', { path: '/other' }), systemError('EMFILE'), new TypeError('x')])
    expect(toUnwritable('/new', error)).toBe(error);
});

it.each([
  ['mkdir', 'EROFS'],
  ['mkdir', 'EIO'],
  ['rename', 'EACCES'],
  ['write', 'ENOSPC'],
  ['open', 'ENOSPC'],
  ['open', 'EDQUOT'],
  ['open', 'EROFS'],
])('a %s that fails with %s is about the folder in which it writes', (syscall, code) => {
  expect(toWritingError(systemError(code, { syscall, path: '/out/plan/a' }))).toMatchObject({
    code: 'folder_unwritable',
    exitCode: 5,
    message: expect.stringContaining('/out/plan cannot be written') as string,
  });
});

it.each([
  ['open', 'EACCES'],
  ['scandir', 'EIO'],
  ['mkdir', 'ENOENT'],
])('a %s that fails with %s may be no writing, so that nothing is said about it', (syscall, code) => {
  expect(toWritingError(systemError(code, { syscall, path: '/in/a' }))).toBeUndefined();
});
