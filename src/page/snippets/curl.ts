import { fieldsOf, passwordVariable, tokenVariable, type ProgramRequest } from './program.js';

/** The command for a shell of Linux or macOS. */
export function toCurl(request: ProgramRequest): string {
  const { url, fileName, needsToken } = request;
  const parts = [
    'curl --fail-with-body',
    ...(needsToken ? [`-H "Authorization: Bearer $${tokenVariable}"`] : []),
    `-F ${quote(`file=@"${toPath(fileName).replaceAll(/[\\"]/g, '\\$&')}"`)}`,
    ...fieldsOf(request).map(({ name, value, isSecret }) =>
      isSecret ? `--form-string "${name}=$${passwordVariable}"` : `--form-string ${quote(`${name}=${value}`)}`,
    ),
    quote(url),
  ];
  return parts.join(' \\\n  ');
}

/** As one word of a POSIX shell. */
function quote(text: string): string {
  return /^[\w./:=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** To curl, `-` is the standard input. */
function toPath(fileName: string): string {
  return fileName === '-' ? './-' : fileName;
}
