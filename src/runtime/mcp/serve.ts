import { Writable } from 'node:stream';
import { McpServer } from '@modelcontextprotocol/server';
import { serveStdio, StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { packageVersion } from '../package.js';
import type { FileRules } from './files.js';
import { addOcrTool } from './ocr-tool.js';
import type { Reader } from './reader.js';
import { WholeLines } from './whole-lines.js';

/** Characters of a message: a file in base64 is a third longer than its bytes. */
const maxMessage = 96 * 1024 ** 2;

/** JSON-RPC's answer to a message whose id is not known. */
const tooLong = {
  jsonrpc: '2.0',
  id: null,
  error: { code: -32_600, message: `A message has more than ${maxMessage} bytes and is not read` },
};

/**
 * Answers an MCP client on standard input and output until it closes them.
 *
 * @param write to standard output. Nothing else may write there
 */
export async function serveMcp(reader: Reader, rules: FileRules, write: typeof process.stdout.write): Promise<void> {
  const output = new Writable({
    write(chunk: Buffer, _encoding, done) {
      write(chunk, (error) => done(error));
    },
  });
  const lines = new WholeLines(maxMessage, () => void output.write(`${JSON.stringify(tooLong)}\n`));
  const input = process.stdin.pipe(lines);
  const transport = new StdioServerTransport(input, output, { maxBufferSize: 2 * maxMessage });
  const closed = new Promise<void>((resolve) => {
    process.stdin.once('close', resolve).once('end', resolve);
    process.once('SIGTERM', resolve).once('SIGINT', resolve);
  });
  const handle = serveStdio(() => createServer(reader, rules), {
    transport,
    onerror: (error) => void process.stderr.write(`${error.message}\n`),
  });
  await closed;
  // A stream that is read keeps the process.
  process.stdin.unpipe(lines).pause();
  await handle.close();
}

function createServer(reader: Reader, rules: FileRules): McpServer {
  const server = new McpServer({ name: 'ocrhub', version: packageVersion });
  addOcrTool(server, reader, rules);
  server.registerResource(
    'modules',
    'ocrhub://modules',
    { title: 'Modules', description: 'What reads the files, and its parameters.', mimeType: 'application/json' },
    async (uri) => ({
      contents: [
        { uri: uri.href, mimeType: 'application/json', text: JSON.stringify(await reader.modules(), null, 2) },
      ],
    }),
  );
  return server;
}
