import { useEffect, useReducer, useRef } from 'preact/hooks';
import { toProblem, type Problem } from '../server/problem.js';
import type { ReadAnswer, ReadRequest } from '../server/reading.js';
import { read } from '../server/server.js';
import { nextToRead, noFiles, reduceFiles, type FileList, type FileState, type ListedFile } from './file-list.js';

export interface Files extends FileList {
  add(files: readonly File[]): void;
  show(id: number): void;
  remove(id: number): void;
  cancel(id: number): void;
  /** Reads a file again, with what is set now. */
  again(id: number): void;
  retryWithToken(): void;
}

interface Options {
  /** Makes the request for a file of what is set now; undefined while the modules are not known. */
  readonly requestFor: ((file: File) => ReadRequest) | undefined;
  readonly token: string;
  readonly maxBody: number | undefined;
}

/** The files, which are read one after another. */
export function useFiles({ requestFor, token, maxBody }: Options): Files {
  const [list, dispatch] = useReducer(reduceFiles, noFiles);
  const running = useRef(new Map<number, AbortController>());

  const setState = (id: number, state: FileState): void => dispatch({ type: 'state', id, state });

  async function readFile({ id, file }: ListedFile, request: ReadRequest): Promise<void> {
    const controller = new AbortController();
    running.current.set(id, controller);
    setState(id, { kind: 'reading' });
    try {
      const problem = await problemBefore(file, maxBody);
      if (problem !== undefined) {
        setState(id, { kind: 'failed', problem });
        return;
      }
      const answer = await read(request, token, controller.signal);
      if (controller.signal.aborted) forgetPictures(answer);
      else setState(id, { kind: 'done', request, answer });
    } catch (error) {
      if (!controller.signal.aborted) setState(id, { kind: 'failed', problem: toProblem(error) });
    } finally {
      if (running.current.get(id) === controller) running.current.delete(id);
    }
  }

  useEffect(() => {
    if (requestFor === undefined) return;
    for (const file of nextToRead(list.files)) void readFile(file, requestFor(file.file));
  });

  function stop(id: number): void {
    running.current.get(id)?.abort();
    running.current.delete(id);
    const state = list.files.find((file) => file.id === id)?.state;
    if (state?.kind === 'done') forgetPictures(state.answer);
  }

  return {
    ...list,
    add: (files) => dispatch({ type: 'add', files }),
    show: (id) => dispatch({ type: 'show', id }),
    remove(id) {
      stop(id);
      dispatch({ type: 'remove', id });
    },
    cancel(id) {
      stop(id);
      setState(id, { kind: 'canceled' });
    },
    again(id) {
      stop(id);
      setState(id, { kind: 'waiting' });
    },
    retryWithToken: () => dispatch({ type: 'token' }),
  };
}

/** Room for the fields and boundaries of a form. */
const formBytes = 4096;

/** What can be said of a file before it is sent. A server that refuses a body may close the connection before it is read. */
async function problemBefore(file: File, maxBody: number | undefined): Promise<Problem | undefined> {
  const about = { message: '', hint: '', requestId: '' };
  if (maxBody !== undefined && file.size + formBytes > maxBody) return { code: 'file_too_large', ...about };
  try {
    await file.slice(0, 1).arrayBuffer();
    return undefined;
  } catch {
    // A folder, or a file that was changed or removed since it was chosen.
    return { code: 'file_unreadable', ...about };
  }
}

function forgetPictures({ pages }: ReadAnswer): void {
  for (const { pictureUrl } of pages) if (pictureUrl !== undefined) URL.revokeObjectURL(pictureUrl);
}
