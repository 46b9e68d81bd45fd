import { connect } from 'node:net';

/** The first answer on a connection. */
export interface RawAnswer {
  readonly status: number;
  /** Names in small letters. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Sends bytes on a connection of their own, closes the sending half, and reads until the server closes.
 *
 * @returns undefined if the server closed without an answer
 * @throws Error if it has not closed after a minute
 */
export function exchange(port: number, bytes: Buffer): Promise<RawAnswer | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    const chunks: Buffer[] = [];
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new Error('the connection is still open after a minute'));
    }, 60_000);
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    // The server may close while bytes are being sent that it does not want.
    socket.once('error', () => socket.destroy());
    socket.once('close', () => {
      clearTimeout(timer);
      resolve(parse(Buffer.concat(chunks).toString('utf8')));
    });
    socket.once('end', () => socket.destroy());
    socket.end(bytes);
  });
}

function parse(text: string): RawAnswer | undefined {
  // Lines of 100-continue come before the answer.
  const rest = text.replace(/^(HTTP\/1\.1 100 [^\r]*\r\n\r\n)+/, '');
  const end = rest.indexOf('\r\n\r\n');
  if (end === -1) return undefined;
  const [first = '', ...lines] = rest.slice(0, end).split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const body = rest.slice(end + 4);
  return { status: Number(first.split(' ')[1]), headers, body };
}
