import type { BuildFailure, Message } from 'esbuild';
import { OcrHubError } from '../../errors/error.js';
import { nativePackages } from './npm-packages.js';
import { replacement } from './ocrhub-import.js';
import { authorsColumn } from './places.js';

/** `compile_failed` or `native_package_imported`, with file:line:column. */
export function toCompileError(error: unknown, folder: string): OcrHubError {
  const { errors = [] } = error as Partial<BuildFailure>;
  // An import that cannot be resolved follows from paths that cannot be read.
  const first = errors.find(({ location }) => location?.file.endsWith('tsconfig.json')) ?? errors[0];
  if (first === undefined) {
    return new OcrHubError('compile_failed', { place: folder, problem: String(error) }, { cause: error });
  }
  const place = placeOf(first) ?? folder;
  const native = nativeName(first);
  if (native !== undefined) return new OcrHubError('native_package_imported', { place, name: native });
  return new OcrHubError('compile_failed', { place, problem: problemOf(first) }, { cause: error });
}

function placeOf({ location }: Message): string | undefined {
  if (location === null) return undefined;
  const { file, line, column, lineText } = location;
  return `${file}:${line}:${authorsColumn(lineText, column) + 1}`;
}

function nativeName({ detail, text }: Message): string | undefined {
  const { native } = Object(detail) as { native?: string };
  const [, missing = ''] = /^Could not resolve "(.*)"$/.exec(text) ?? [];
  return native ?? (nativePackages.test(missing) ? missing : undefined);
}

function problemOf({ id, text }: Message): string {
  const [, ending] = /^No loader is configured for "(.*)" files/.exec(text) ?? [];
  if (ending !== undefined) {
    return `${text}; import it with { type: 'text' } or { type: 'bytes' }, or read it at run time: readFileSync(new URL('./NAME${ending}', import.meta.url))`;
  }
  if (id === 'empty-glob') {
    return `${text}; write the names as the files have them, for example ./\${name}.ts`;
  }
  return text.replace(replacement, 'ocrhub');
}
