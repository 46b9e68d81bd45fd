import { OcrHubError } from '../errors/error.js';
import { unlessGone } from './item.js';
import { newSecret } from './job.js';
import { headPart, type Store } from './store.js';

/** A file that a client sent to be read later. */
export interface KeptFile extends FileHead {
  readonly id: string;
  readonly createdAt: Date;
}

interface FileHead {
  readonly protocol: string;
  /** The name of the token with which it was sent; undefined if the server asked for none. */
  readonly token?: string | undefined;
  readonly name: string;
  readonly bytes: number;
  /** What the protocol remembers of the request. */
  readonly data: unknown;
  /** Cannot be guessed; for addresses that need no token. */
  readonly secret: string;
}

/** The files that clients sent to a server. */
export class Files {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** @throws OcrHubError `jobs_full`, `jobs_unwritable` */
  async add(bytes: Uint8Array, head: Pick<FileHead, 'protocol' | 'token' | 'name' | 'data'>): Promise<KeptFile> {
    const whole: FileHead = { ...head, bytes: bytes.length, secret: newSecret() };
    const id = await this.#store.add('file', { content: bytes, [headPart]: JSON.stringify(whole) });
    return { ...whole, id, createdAt: new Date() };
  }

  /** @throws OcrHubError `job_unknown` */
  async find(id: string, protocol: string): Promise<KeptFile> {
    const [state, text] = await Promise.all([this.#store.state(id), this.#store.read(id, headPart)]);
    const head = text === undefined ? undefined : (JSON.parse(text.toString()) as FileHead);
    if (state === undefined || head?.protocol !== protocol) throw new OcrHubError('job_unknown', { what: 'file', id });
    return { ...head, id, createdAt: state.createdAt };
  }

  /** @throws OcrHubError `job_unknown` */
  async contentOf({ id }: KeptFile): Promise<Buffer> {
    const content = await this.#store.read(id, 'content');
    if (content === undefined) throw new OcrHubError('job_unknown', { what: 'file', id });
    return content;
  }

  /** The files of a protocol that were sent with a token. */
  async findAll({ protocol, token }: Pick<FileHead, 'protocol' | 'token'>): Promise<KeptFile[]> {
    const ids = await this.#store.list('file');
    const files = await Promise.all(ids.map((id) => this.find(id, protocol).catch(unlessGone)));
    return files.filter((file) => file !== undefined).filter((file) => file.token === token);
  }

  async remove(id: string, protocol: string): Promise<void> {
    await this.find(id, protocol);
    await this.#store.remove(id);
  }
}
