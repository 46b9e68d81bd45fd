import type { Socket } from 'node:net';

/** In characters. The state of a server with a hundred modules has a twentieth of it. */
const maxLength = 4 * 1024 ** 2;

/** Reads up to and including the first line end, or up to the end of the connection. */
export async function readLine(socket: Socket): Promise<string> {
  let text = '';
  for await (const chunk of socket.setEncoding('utf8').iterator({ destroyOnReturn: false }) as AsyncIterable<string>) {
    text += chunk;
    if (chunk.includes('\n')) break;
    if (text.length > maxLength) throw new Error(`its line has more than ${maxLength} characters`);
  }
  return text;
}
