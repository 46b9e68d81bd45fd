import { describe, expect, it } from 'vitest';
import {
  isTokenRefused,
  nextToRead,
  noFiles,
  reduceFiles,
  type FileAction,
  type FileList,
  type FileState,
} from '../../../src/page/files/file-list.js';

const file = (name: string): File => new File([name], name);
const add = (...names: string[]): FileAction => ({ type: 'add', files: names.map(file) });
const state = (id: number, kind: string): FileAction => ({ type: 'state', id, state: { kind } as FileState });
const refuse = (id: number, code: string): FileAction => {
  return { type: 'state', id, state: { kind: 'failed', problem: { code, message: '', hint: '', requestId: '' } } };
};

function after(...actions: readonly FileAction[]): FileList {
  return actions.reduce(reduceFiles, noFiles);
}

const kinds = ({ files }: FileList): string[] => files.map(({ state: { kind } }) => kind);

describe('the list of files', () => {
  it('shows the first file of those that were added first', () => {
    expect(after(add('a', 'b')).shown).toBe(1);
    expect(kinds(after(add('a', 'b')))).toEqual(['waiting', 'waiting']);
  });

  it('keeps showing a file that is read when others are added, and shows the new ones otherwise', () => {
    expect(after(add('a'), state(1, 'done'), add('b')).shown).toBe(1);
    expect(after(add('a'), refuse(1, 'image_unreadable'), add('b', 'c')).shown).toBe(2);
  });

  it('shows the next file when the one that is shown is removed, the last one at the end, and then none', () => {
    const three = after(add('a', 'b', 'c'));
    expect(reduceFiles(three, { type: 'remove', id: 1 }).shown).toBe(2);
    const last = reduceFiles(three, { type: 'show', id: 3 });
    expect(reduceFiles(last, { type: 'remove', id: 3 }).shown).toBe(2);
    expect(reduceFiles(last, { type: 'remove', id: 1 }).shown).toBe(3);
    expect(after(add('a'), { type: 'remove', id: 1 })).toMatchObject({ files: [], shown: undefined });
  });

  it('never gives a number again, so that an answer cannot reach another file', () => {
    expect(after(add('a'), { type: 'remove', id: 1 }, add('b')).files.map(({ id }) => id)).toEqual([2]);
    expect(kinds(after(add('a'), { type: 'remove', id: 1 }, state(1, 'done')))).toEqual([]);
  });

  it('reads two files at the same time, in their order', () => {
    const names = (list: FileList) => nextToRead(list.files).map(({ file: { name } }) => name);
    expect(names(after(add('a', 'b', 'c')))).toEqual(['a', 'b']);
    expect(names(after(add('a', 'b', 'c'), state(1, 'reading')))).toEqual(['b']);
    expect(names(after(add('a', 'b', 'c'), state(1, 'reading'), state(2, 'reading')))).toEqual([]);
    expect(names(after(add('a', 'b', 'c'), state(1, 'done'), refuse(2, 'image_unreadable')))).toEqual(['c']);
  });

  it('waits for a token after a 401, and then sends those files again that were refused for it', () => {
    const refused = after(add('a', 'b', 'c'), refuse(1, 'token_refused'), refuse(2, 'image_unreadable'));
    expect(refused.files.map(isTokenRefused)).toEqual([true, false, false]);
    expect(nextToRead(refused.files)).toEqual([]);
    expect(kinds(reduceFiles(refused, { type: 'token' }))).toEqual(['waiting', 'failed', 'waiting']);
  });
});
