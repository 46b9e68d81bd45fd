import { fieldsOf, passwordVariable, tokenVariable, type ProgramRequest } from './program.js';

/** A program for Python 3 without further packages. */
export function toPython(request: ProgramRequest): string {
  const { url, fileName, needsToken } = request;
  const fields = fieldsOf(request);
  const usesEnvironment = needsToken || fields.some(({ isSecret }) => isSecret);
  const query = fields.map(({ name, value, isSecret }) => {
    return `    ${literal(name)}: ${isSecret ? `os.environ[${literal(passwordVariable)}]` : literal(value)},\n`;
  });
  const address = fields.length === 0 ? literal(url) : `${literal(`${url}?`)} + urllib.parse.urlencode(fields)`;
  return [
    `import json${usesEnvironment ? ', os' : ''}, ${fields.length === 0 ? '' : 'urllib.parse, '}urllib.request\n`,
    ...(query.length === 0 ? [] : [`fields = {\n${query.join('')}}`]),
    'headers = {"Content-Type": "application/octet-stream"}',
    ...(needsToken ? [`headers["Authorization"] = "Bearer " + os.environ[${literal(tokenVariable)}]`] : []),
    `with open(${literal(fileName)}, "rb") as file:`,
    `    request = urllib.request.Request(${address}, file.read(), headers)`,
    'with urllib.request.urlopen(request) as response:',
    '    answer = json.load(response)',
    `print(json.dumps(answer[${literal(request.isDocument ? 'pages' : 'results')}], ensure_ascii=False, indent=2))`,
  ].join('\n');
}

/** JSON's escapes are Python's, except those of pairs of surrogates, which JSON.stringify does not write. */
function literal(text: string): string {
  return JSON.stringify(text);
}
