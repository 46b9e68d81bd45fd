import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { OcrHubError } from '../errors/error.js';
import type { WrappedPdfiumModule } from '@embedpdf/pdfium';

/** The library in its own WebAssembly memory. */
export interface Pdfium {
  readonly api: WrappedPdfiumModule;
  /** Bytes of its memory. It grows and never shrinks. */
  readonly memorySize: number;
  /** Makes calls fail that would need more bytes of memory. */
  limitMemory(bytes: number): void;
  /** The limit, once a call needed more. What such a call answers may lack a part of the page. */
  readonly exceededLimit: number | undefined;
  /** The error of a call that crashed, was stopped, or lacked memory. The next answer may be wrong, or never come. */
  problem: OcrHubError | undefined;
  /** The memory now. A call that grows the memory makes an earlier view unusable. */
  bytes(): Uint8Array;
  /** Calls `use` with `size` zeroed bytes that live until it returns. */
  withMemory<T>(size: number, use: (pointer: number) => T): T;
  /** @throws Error when the memory cannot grow */
  allocate(size: number): number;
  free(pointer: number): void;
  float64(pointer: number): number;
  float32(pointer: number): number;
  int32(pointer: number): number;
}

/** Members of the library whose types come with no package. */
interface EmscriptenMemory {
  readonly HEAPU8: Uint8Array;
}

interface WasmMemory {
  readonly buffer: ArrayBuffer;
  /** @throws RangeError if the memory cannot grow */
  grow: (pages: number) => number;
}

/** An instance that no document uses. */
let free: Pdfium | undefined;

/** Answers an instance for one document. Documents share none: one that breaks its instance would break the others. */
export async function takePdfium(): Promise<Pdfium> {
  const taken = free ?? (await startPdfium());
  if (taken === free) free = undefined;
  return taken;
}

/** Keeps the instance of a closed document for the next one. Without a reference to it, its memory is garbage. */
export function returnPdfium(pdfium: Pdfium): void {
  if (pdfium.problem === undefined && pdfium.memorySize <= maxKeptMemory) free ??= pdfium;
}

/** The memory of an instance never shrinks. */
const maxKeptMemory = 128 * 1024 ** 2;

async function startPdfium(): Promise<Pdfium> {
  const { init } = await import('@embedpdf/pdfium');
  const file = createRequire(import.meta.url).resolve('@embedpdf/pdfium/pdfium.wasm');
  const wasmBinary = toArrayBuffer(await readFile(file));
  const api = await withoutNewGlobals(() =>
    // It writes about its memory. What went wrong is thrown, too.
    init({ wasmBinary, printErr: () => undefined }),
  );
  api.PDFiumExt_Init();
  const { pdfium: module } = api;
  const { wasmExports } = module;
  const limiter = new MemoryLimiter((wasmExports as unknown as { readonly memory: WasmMemory }).memory);
  const bytes = (): Uint8Array => (module as unknown as EmscriptenMemory).HEAPU8;
  const allocate = (size: number): number => {
    const pointer = wasmExports.malloc(size);
    if (pointer === 0) throw new Error(`no memory for ${size} bytes`);
    return pointer;
  };
  const view = (pointer: number): DataView => {
    const { buffer } = bytes();
    return new DataView(buffer, pointer);
  };
  return {
    api,
    get memorySize() {
      return bytes().length;
    },
    limitMemory: (limit) => {
      limiter.limit = limit;
    },
    get exceededLimit() {
      return limiter.isExceeded ? limiter.limit : undefined;
    },
    problem: undefined,
    bytes,
    allocate,
    free: (pointer) => wasmExports.free(pointer),
    withMemory(size, use) {
      const pointer = allocate(size);
      bytes().fill(0, pointer, pointer + size);
      try {
        return use(pointer);
      } finally {
        wasmExports.free(pointer);
      }
    },
    float64: (pointer) => view(pointer).getFloat64(0, true),
    float32: (pointer) => view(pointer).getFloat32(0, true),
    int32: (pointer) => view(pointer).getInt32(0, true),
  };
}

/**
 * The library defines 151 names in `globalThis` that warn about its older versions. They hold the first instance, and so its memory,
 * until the process ends.
 */
async function withoutNewGlobals<T>(start: () => Promise<T>): Promise<T> {
  const before = new Set(Reflect.ownKeys(globalThis));
  const started = await start();
  for (const name of Reflect.ownKeys(globalThis)) {
    if (before.has(name)) continue;
    const found = Object.getOwnPropertyDescriptor(globalThis, name);
    if (found?.get !== undefined && found.set === undefined && found.configurable === true)
      Reflect.deleteProperty(globalThis, name);
  }
  return started;
}

const wasmPage = 64 * 1024;

/**
 * The library has its memory made by its own code, with a maximum of 2 GiB or more. Its code asks `grow` for more, and takes an
 * error for the end of the memory.
 */
class MemoryLimiter {
  limit = Infinity;
  /** Whether the library did not get memory that it needed. */
  isExceeded = false;
  #refusals = 0;

  constructor(memory: WasmMemory) {
    const grow = memory.grow.bind(memory);
    memory.grow = (pages) => {
      if (memory.buffer.byteLength + pages * wasmPage > this.limit) {
        if (++this.#refusals === triesToGrow) this.isExceeded = true;
        throw new RangeError(`over ${this.limit} bytes`);
      }
      this.#refusals = 0;
      return grow(pages);
    };
  }
}

/** The library asks for more than it needs, and then twice for less. */
const triesToGrow = 3;

function toArrayBuffer({ buffer, byteOffset, byteLength }: Uint8Array): ArrayBuffer {
  return buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
}
