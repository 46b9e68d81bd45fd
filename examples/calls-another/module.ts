// Asks another service over HTTP and adds something to its answer: here, the web and e-mail addresses in the text.
import { defineModule, encodePng, z, type Image } from 'ocrhub';
import { params } from './params.js';

/** What the other service answers; an answer of another shape is an error that says where it differs. */
const answer = z.object({
  msg: z.string(),
  status: z.string(),
  results: z.union([z.array(z.array(z.looseObject({ text: z.string() }))), z.literal('')]),
});

export default defineModule({
  name: 'calls_another',
  version: '1.0.0',
  summary: 'Finds the web and e-mail addresses in what another service reads',
  schema: z.object({
    url: z.url().meta({ description: 'Address of the other service.' }),
    timeout: z.number().positive().meta({ description: 'How long it may take.', unit: 'seconds' }),
  }),
  params,
  fields: z.object({
    ask: z.boolean().default(true).meta({ description: 'false: answer without asking the other service.' }),
  }),
  // The first inference, before this server is ready, must not depend on another one that may still be starting.
  warmUp: { ask: false },
  entries: { empty: null, nested: false },

  initialize: (args) => args,

  async predict({ images, ask }, { url, timeout }) {
    const read = ask ? await readElsewhere(images, url, timeout) : images.map(() => []);
    return read.map((lines) => ({ lines, addresses: lines.flatMap(({ text }) => addressesIn(text)) }));
  },
});

type Lines = { readonly text: string }[];

async function readElsewhere(images: readonly Image[], url: string, seconds: number): Promise<Lines[]> {
  const files = await Promise.all(images.map(encodePng));
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ images: files.map((bytes) => Buffer.from(bytes).toString('base64')) }),
    signal: AbortSignal.timeout(seconds * 1000),
  }).catch((error: unknown) => {
    throw new Error(`${url} cannot be asked: ${(error as Error).message}`, { cause: error });
  });
  const { msg, status, results } = answer.parse(await response.json());
  if (status !== '000' || results === '') throw new Error(`${url} answered "${status}": ${msg}`);
  return results;
}

function addressesIn(text: string): string[] {
  return text.match(/(?:www\.|[\w.+-]+@)[\w-]+(?:\.[\w-]+)+/g) ?? [];
}
