import { fieldsOf, passwordVariable, tokenVariable, type ProgramRequest } from './program.js';

/** A module for Node 20, Deno or Bun. */
export function toJavaScript(request: ProgramRequest): string {
  const { url, fileName, needsToken } = request;
  const fields = fieldsOf(request).map(({ name, value, isSecret }) => {
    return `form.append(${literal(name)}, ${isSecret ? `process.env.${passwordVariable}` : literal(value)});`;
  });
  const headers = needsToken ? `, headers: { Authorization: \`Bearer \${process.env.${tokenVariable}}\` }` : '';
  return [
    "import { readFile } from 'node:fs/promises';",
    ...(needsToken || fieldsOf(request).some(({ isSecret }) => isSecret)
      ? ["import process from 'node:process';"]
      : []),
    '',
    'const form = new FormData();',
    `form.append('file', new Blob([await readFile(${literal(fileName)})]), ${literal(fileName)});`,
    ...fields,
    `const response = await fetch(${literal(url)}, { method: 'POST', body: form${headers} });`,
    'if (!response.ok) throw new Error(await response.text());',
    'const answer = await response.json();',
    `console.log(JSON.stringify(answer.${request.isDocument ? 'pages' : 'results'}, null, 2));`,
  ].join('\n');
}

function literal(text: string): string {
  return JSON.stringify(text);
}
