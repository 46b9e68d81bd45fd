import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { Label } from '../lib/labelled-picture.js';
import { corners } from './label-forms.js';
import type { View } from './manifest.js';
import { textsInView } from './texts-in-view.js';

/** A browser that takes pictures of pages of HTML. It is told what to do over a pipe (`--remote-debugging-pipe`). */
export class Chromium {
  readonly #child: ChildProcess;
  readonly #profile: string;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #lastId = 0;
  #session = '';

  private constructor(program: string) {
    this.#profile = mkdtempSync(path.join(os.tmpdir(), 'ocrhub-chromium-'));
    const flags = ['--headless', '--no-sandbox', '--hide-scrollbars', '--remote-debugging-pipe', '--no-first-run'];
    this.#child = spawn(program, [...flags, `--user-data-dir=${this.#profile}`], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    });
    let text = '';
    const answers = this.#child.stdio[4] as Readable;
    answers.setEncoding('utf8').on('data', (chunk: string) => {
      const messages = (text + chunk).split('\0');
      text = messages.pop() ?? '';
      for (const message of messages) {
        const answer = JSON.parse(message) as Answer;
        this.#waiting.get(answer.id ?? 0)?.(answer);
        this.#waiting.delete(answer.id ?? 0);
      }
    });
  }

  /** @throws Error with the command that installs it, if there is none */
  static async start(): Promise<Chromium> {
    const names = ['chromium', 'chromium-browser', 'google-chrome'];
    const places = (process.env['PATH'] ?? '').split(path.delimiter);
    const program = names
      .flatMap((name) => places.map((place) => path.join(place, name)))
      .find((file) => existsSync(file));
    if (program === undefined) throw new Error('Chromium is not on the PATH. Install it: apt-get install chromium');
    const chromium = new Chromium(program);
    const { targetId } = await chromium.#send('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await chromium.#send('Target.attachToTarget', { targetId, flatten: true });
    chromium.#session = String(sessionId);
    await chromium.#send('Page.enable', {});
    return chromium;
  }

  /** Shows a part of a page: a PNG file, and the texts in it in the order of the document. */
  async show(html: string, { width, height, scale, scroll }: View): Promise<{ png: Buffer; labels: Label[] }> {
    await this.#send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: scale, mobile: false });
    await this.#send('Page.navigate', { url: pathToFileURL(html).href });
    while ((await this.#evaluate('document.readyState')) !== 'complete') await setTimeout(50);
    await this.#evaluate(`scrollTo(0, ${scroll} * document.documentElement.scrollHeight)`);
    await setTimeout(200);
    const texts = (await this.#evaluate(`(${textsInView.toString()})()`)) as TextInView[];
    const { data } = await this.#send('Page.captureScreenshot', { format: 'png' });
    return { png: Buffer.from(String(data), 'base64'), labels: texts.map((text) => toLabel(text, scale)) };
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.#child.once('exit', () => {
        rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 });
        resolve();
      });
      this.#child.kill();
    });
  }

  async #evaluate(expression: string): Promise<unknown> {
    const { result, exceptionDetails } = (await this.#send('Runtime.evaluate', {
      expression,
      returnByValue: true,
    })) as { result?: { value?: unknown }; exceptionDetails?: unknown };
    if (exceptionDetails !== undefined) throw new Error(`Chromium: ${JSON.stringify(exceptionDetails)}`);
    return result?.value;
  }

  #send(method: string, params: object): Promise<Readonly<Record<string, unknown>>> {
    const id = ++this.#lastId;
    const session = this.#session === '' ? {} : { sessionId: this.#session };
    (this.#child.stdio[3] as Writable).write(`${JSON.stringify({ id, method, params, ...session })}\0`);
    return new Promise((resolve, reject) => {
      this.#child.once('exit', () => reject(new Error('Chromium has ended')));
      this.#child.setMaxListeners(0);
      this.#waiting.set(id, ({ result, error }) => {
        if (error === undefined) resolve(result ?? {});
        else reject(new Error(`Chromium: ${method}: ${error.message}`));
      });
    });
  }
}

/** Pixels of the page. */
interface TextInView {
  readonly text: string;
  /** Whether the window cuts it, or it is a picture. */
  readonly isCut: boolean;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

interface Answer {
  readonly id?: number;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly message: string };
}

function toLabel({ text, isCut, left, top, right, bottom }: TextInView, scale: number): Label {
  const poly = corners(left * scale, top * scale, right * scale, bottom * scale);
  return isCut ? { text: '', ignore: true, poly } : { text, poly };
}
