import { Transform, type TransformCallback } from 'node:stream';
import { createInflate, createInflateRaw, type Inflate, type InflateRaw } from 'node:zlib';

/**
 * Unpacks `deflate`: the format of zlib, as RFC 9110 says, or bare deflate without its header, as some clients send it. Which one it
 * is, its first byte tells, as in browsers and curl.
 */
export function createInflateAny(): Transform {
  return new InflateAny();
}

class InflateAny extends Transform {
  #decoder: Inflate | InflateRaw | undefined;

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#decoder ??= chunk.length === 0 ? undefined : this.#open(chunk[0] ?? 0);
    // What follows the end is ignored, as by the streams of Node.
    if (this.#decoder === undefined || this.#decoder.readableEnded) done();
    else this.#decoder.write(chunk, () => done());
  }

  override _flush(done: TransformCallback): void {
    if (this.#decoder === undefined) {
      done(new Error('unexpected end of file'));
      return;
    }
    if (this.#decoder.readableEnded) {
      done();
      return;
    }
    this.#decoder.once('end', () => done());
    this.#decoder.end();
  }

  override _read(size: number): void {
    this.#decoder?.resume();
    super._read(size);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#decoder?.destroy();
    done(error);
  }

  #open(first: number): Inflate | InflateRaw {
    // The lower half of zlib's first byte is the method, 8. Bare deflate begins with a block; 8 would be a stored one with a bit set
    // that encoders leave 0.
    const decoder = (first & 0x0f) === 8 ? createInflate() : createInflateRaw();
    decoder.on('data', (part: Buffer) => {
      if (!this.push(part)) decoder.pause();
    });
    decoder.once('error', (error) => this.destroy(error));
    return decoder;
  }
}
