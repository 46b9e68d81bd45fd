import type { Problem } from '../server/problem.js';
import type { ReadAnswer, ReadRequest } from '../server/reading.js';

/** A file that the user gave, and how far it is. */
export interface ListedFile {
  readonly id: number;
  readonly file: File;
  readonly state: FileState;
}

export type FileState =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'reading' }
  | { readonly kind: 'done'; readonly request: ReadRequest; readonly answer: ReadAnswer }
  | { readonly kind: 'failed'; readonly problem: Problem }
  | { readonly kind: 'canceled' };

export interface FileList {
  readonly files: readonly ListedFile[];
  /** The file that is shown; undefined if there is none. */
  readonly shown: number | undefined;
  readonly nextId: number;
}

export type FileAction =
  | { readonly type: 'add'; readonly files: readonly File[] }
  | { readonly type: 'state'; readonly id: number; readonly state: FileState }
  | { readonly type: 'show'; readonly id: number }
  | { readonly type: 'remove'; readonly id: number }
  /** Files that were refused for their token wait again. */
  | { readonly type: 'token' };

export const noFiles: FileList = { files: [], shown: undefined, nextId: 1 };

/** How many files are sent at the same time. The server queues them anyway; this way each shows its own state. */
const maxReading = 2;

export function reduceFiles(list: FileList, action: FileAction): FileList {
  const { files, shown, nextId } = list;
  switch (action.type) {
    case 'add': {
      const added = action.files.map((file, i): ListedFile => ({ id: nextId + i, file, state: { kind: 'waiting' } }));
      // A file that is looked at stays in view.
      const isFree = shown === undefined || files.find(({ id }) => id === shown)?.state.kind !== 'done';
      return {
        files: [...files, ...added],
        shown: isFree ? (added[0]?.id ?? shown) : shown,
        nextId: nextId + added.length,
      };
    }
    case 'state':
      return { ...list, files: files.map((file) => (file.id === action.id ? { ...file, state: action.state } : file)) };
    case 'show':
      return { ...list, shown: action.id };
    case 'remove': {
      const place = files.findIndex(({ id }) => id === action.id);
      const rest = files.filter(({ id }) => id !== action.id);
      const next = rest[Math.min(Math.max(place, 0), rest.length - 1)];
      return { ...list, files: rest, shown: shown === action.id ? next?.id : shown };
    }
    case 'token':
      return {
        ...list,
        files: files.map((file) => (isTokenRefused(file) ? { ...file, state: { kind: 'waiting' } } : file)),
      };
  }
}

/** Whether a file was refused for its token. Nothing is sent until the user gives another one. */
export function isTokenRefused({ state }: ListedFile): boolean {
  return state.kind === 'failed' && state.problem.code === 'token_refused';
}

/** The files to send now. */
export function nextToRead(files: readonly ListedFile[]): readonly ListedFile[] {
  if (files.some(isTokenRefused)) return [];
  const reading = files.filter(({ state }) => state.kind === 'reading').length;
  return files.filter(({ state }) => state.kind === 'waiting').slice(0, Math.max(0, maxReading - reading));
}
