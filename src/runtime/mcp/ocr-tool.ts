import type { CallToolResult, McpServer, ServerContext } from '@modelcontextprotocol/server';
import { OcrHubError } from '../errors/error.js';
import { OcrhubError } from '../fetch-client/index.js';
import { z } from '../values/check.js';
import { fileOf, type FileRules } from './files.js';
import type { Reader } from './reader.js';

const inputSchema = z.strictObject({
  path: z.string().optional().describe('Absolute path of a picture, a PDF or a TIFF file on this machine.'),
  base64: z.string().optional().describe('The file in base64, in place of its path. A data URL is accepted.'),
  url: z.string().optional().describe('The address of the file, if the user has allowed its host.'),
  output: z
    .enum(['text', 'lines', 'markdown'])
    .default('text')
    .describe(
      'text: a line of text for each line. markdown: paragraphs. lines: JSON with the text, the confidence (0 to 1) and the corners (pixels) of each line.',
    ),
  pages: z.string().optional().describe('Pages of a document, such as 1-3,7 or 5-. Default: all.'),
  password: z.string().optional().describe('Opens an encrypted PDF file.'),
  parameters: z
    .record(z.string(), z.unknown())
    .optional()
    .describe(
      'Parameters of the module for this file, such as {"drop_score": 0.6}. The resource ocrhub://modules lists them.',
    ),
});

/** Adds the tool `ocr`. What goes wrong with a call is its result, with `isError`. */
export function addOcrTool(server: McpServer, reader: Reader, rules: FileRules): void {
  server.registerTool(
    'ocr',
    {
      title: 'Read text',
      description:
        'Reads the text in a picture (JPEG, PNG, WebP, TIFF, GIF, BMP) or a PDF document: printed Chinese, English and more. Give exactly one of path, base64 and url.',
      inputSchema,
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    async ({ path, base64, url, output, pages, password, parameters = {} }, context) => {
      const { signal } = context.mcpReq;
      try {
        const file = await fileOf({ path, base64, url }, rules, signal);
        const format = output === 'lines' ? 'json' : output;
        const onPage = progressOf(context);
        const text = await reader.read(file, { format, pages, password, fields: parameters, signal, onPage });
        return { content: [{ type: 'text', text: output === 'lines' ? linesOf(text) : text }] };
      } catch (error) {
        return failure(error);
      }
    },
  );
}

/** The pages of the only file. */
function linesOf(json: string): string {
  const { documents } = JSON.parse(json) as { documents: readonly { pages: unknown }[] };
  return JSON.stringify({ pages: documents[0]?.pages ?? [] });
}

function progressOf({ mcpReq }: ServerContext): (done: number, total: number) => void {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined) return () => undefined;
  return (progress, total) => {
    const params = { progressToken, progress, total, message: `page ${progress + 1} of ${total}` };
    // The client may be gone; the call ends by its signal then.
    mcpReq.notify({ method: 'notifications/progress', params }).catch(() => undefined);
  };
}

function failure(error: unknown): CallToolResult {
  const known = error instanceof OcrhubError || OcrHubError.is(error) ? error : OcrHubError.of(error);
  const text = [known.message, known.hint].filter((part) => part !== '').join('\n');
  return { isError: true, content: [{ type: 'text', text }] };
}
