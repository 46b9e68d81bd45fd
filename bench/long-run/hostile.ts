import { damagedPicture } from '../../test/fuzz/pictures/mutate.js';
import { makeSeeds, type Seed } from '../../test/fuzz/pictures/seeds.js';
import { Random } from '../../test/fuzz/random.js';

/** Sends what an attacker or a broken client sends: damaged pictures, broken JSON, wrong fields, and connections that are cut off. */
export class Hostile {
  readonly #random = new Random(1);
  readonly #seeds: readonly Seed[];

  private constructor(seeds: readonly Seed[]) {
    this.#seeds = seeds;
  }

  static async create(): Promise<Hostile> {
    return new Hostile(await makeSeeds());
  }

  /** @returns the HTTP status; 0 if the connection failed or was cut off */
  async send(url: string): Promise<number> {
    const random = this.#random;
    const json = { 'Content-Type': 'application/json' };
    const [address, body, headers] = random.pick<() => readonly [string, string | Buffer, Record<string, string>]>([
      () => ['/predict/ocr_system', damagedPicture(this.#seeds, random).bytes, { 'Content-Type': 'image/png' }],
      () => ['/process', damagedPicture(this.#seeds, random).bytes, { 'Content-Type': 'application/octet-stream' }],
      () => ['/predict/ocr_system', '{"images":["', json],
      () => ['/predict/ocr_system', JSON.stringify({ images: [1], paths: ['/etc/passwd'] }), json],
      () => [
        '/v1/ocr',
        JSON.stringify({ document: { type: 'document_url', document_url: 'file:///etc/passwd' } }),
        json,
      ],
      () => ['/ocr', '['.repeat(100_000), json],
      () => ['/nothing/here', 'x', {}],
    ])();
    const method = address === '/process' ? 'PUT' : 'POST';
    const cut = random.chance(0.15) ? { signal: AbortSignal.timeout(random.below(100)) } : {};
    try {
      const response = await fetch(url + address, {
        method,
        headers,
        body: typeof body === 'string' ? body : new Uint8Array(body),
        ...cut,
      });
      await response.arrayBuffer();
      return response.status;
    } catch {
      return 0;
    }
  }
}
