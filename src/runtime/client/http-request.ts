import http from 'node:http';
import https from 'node:https';
import type { IncomingMessage } from 'node:http';

export interface Question {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Milliseconds until the answer must be there. */
  readonly timeout: number;
}

export interface Reply {
  readonly http: number;
  readonly text: string;
}

/**
 * One HTTP exchange with a server. Not by `fetch`: that refuses some ports, 6666 among them, on which a server may run
 * and be asked by everybody else.
 *
 * @throws Error that says why no whole answer came
 */
export function ask(url: string, { method = 'GET', headers = {}, body = '', timeout }: Question): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const { request } = new URL(url).protocol === 'https:' ? https : http;
    const length = { 'Content-Length': Buffer.byteLength(body) };
    const signal = AbortSignal.timeout(timeout);
    const asked = request(url, { method, headers: method === 'GET' ? headers : { ...headers, ...length }, signal });
    const fail = (error: NodeJS.ErrnoException): void => {
      // Where a name stands for several addresses, the error of them all has a code and no words.
      const problem = signal.aborted ? `no answer within ${timeout / 1000} s` : error.message || (error.code ?? '');
      reject(new Error(problem, { cause: error }));
    };
    asked.once('response', (answer) => {
      // A server that refuses may answer and hang up while the body is still on its way to it.
      asked.off('error', fail).on('error', () => undefined);
      readText(answer).then((text) => resolve({ http: answer.statusCode ?? 0, text }), fail);
    });
    asked.once('error', fail);
    asked.end(body);
  });
}

async function readText(answer: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of answer.setEncoding('utf8') as AsyncIterable<string>) text += chunk;
  return text;
}
