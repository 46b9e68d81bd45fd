import './no-telemetry.js';
import path from 'node:path';
import ort from 'onnxruntime-node';
import { OcrHubError } from '../errors/error.js';
import { visibleGpus } from '../config/environment.js';
import { engineOptions } from './engine.js';

export interface SessionOptions {
  /** Run on the GPU; there is no silent fall back to the CPU. */
  readonly useGpu?: boolean;
  /** Threads of one run; as many as the engine has where nothing is said. */
  readonly threads?: number;
  /** Keep the memory of a run for the next one; else it goes back to the system, which costs time. */
  readonly keepMemory?: boolean;
}

export interface Tensor {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

/**
 * What the file says of an output: a dimension is undefined where it says none, and there is none where it is silent.
 */
interface Output {
  readonly dims: readonly (number | undefined)[];
  /** Whether its values are whole numbers; they come as floats all the same. */
  readonly whole: boolean;
}

/** A loaded network with one float32 input. */
export interface Session {
  readonly file: string;
  /** The input's dimensions; undefined where the network takes any. */
  readonly inputDims: readonly (number | undefined)[];
  readonly outputs: readonly Output[];
  /** The values of all outputs, in the order of `outputs`. */
  run(data: Float32Array, dims: readonly number[]): Promise<readonly Tensor[]>;
  /** Once for each `openSession` that answered it; the last one gives its memory back, and it cannot run any more. */
  close(): Promise<void>;
}

/**
 * Loads an ONNX file. A process holds each file once for each way of running it: a second call with the
 * same options answers the same session. Whoever needs it no longer than the process lives closes it.
 *
 * @throws OcrHubError `gpu_unavailable`; `model_mismatch` when the file is no network of the expected kind.
 */
export function openSession(
  file: string,
  { useGpu = false, threads = engineOptions().threads, keepMemory = true }: SessionOptions = {},
): Promise<Session> {
  const key = JSON.stringify([path.resolve(file), useGpu, threads, keepMemory]);
  const known = held.get(key);
  if (known !== undefined) {
    known.holders++;
    return known.session;
  }
  const session = createSession(key, path.resolve(file), { useGpu, threads, keepMemory });
  held.set(key, { session, holders: 1 });
  session.catch(() => held.delete(key));
  return session;
}

interface Held {
  readonly session: Promise<Session>;
  /** Calls of `openSession` that have not been followed by one of `close`. */
  holders: number;
}

const held = new Map<string, Held>();

async function createSession(key: string, file: string, settled: Required<SessionOptions>): Promise<Session> {
  if (settled.useGpu) requireVisibleGpu();
  const options = toNative(settled);
  const native = await ort.InferenceSession.create(file, options).catch((error: unknown) => {
    const problem = error instanceof Error ? error.message : String(error);
    // Measured with onnxruntime-node 1.30: asked for CUDA without its libraries, creation throws
    // "OrtSessionOptionsAppendExecutionProvider_Cuda: Failed to load shared library"; it does not fall back.
    if (/cuda|execution ?provider/i.test(problem)) {
      throw new OcrHubError('gpu_unavailable', { reason: `CUDA could not be started: ${problem}` }, { cause: error });
    }
    throw new OcrHubError('model_mismatch', { path: file, problem: `it does not load: ${problem}` }, { cause: error });
  });
  return new OrtSession(key, file, native);
}

class OrtSession implements Session {
  readonly file: string;
  readonly inputDims: readonly (number | undefined)[];
  readonly outputs: readonly Output[];
  readonly #key: string;
  readonly #native: ort.InferenceSession;
  readonly #input: string;
  #closed = false;

  constructor(key: string, file: string, native: ort.InferenceSession) {
    const input = onlyInput(file, native.inputMetadata);
    this.file = file;
    this.#key = key;
    this.#native = native;
    this.#input = input.name;
    this.inputDims = input.shape.map(asFixed);
    this.outputs = native.outputMetadata.map((output) => toOutput(file, output));
  }

  async run(data: Float32Array, dims: readonly number[]): Promise<readonly Tensor[]> {
    const results = await this.#native.run({ [this.#input]: new ort.Tensor('float32', data, dims) });
    return this.#native.outputNames.map((name) => this.#toTensor(results[name]));
  }

  async close(): Promise<void> {
    const known = held.get(this.#key);
    if (this.#closed || known === undefined || --known.holders > 0) return;
    this.#closed = true;
    held.delete(this.#key);
    await this.#native.release();
  }

  #toTensor(output: ort.Tensor | undefined): Tensor {
    const { data, dims = [], type = 'missing' } = output ?? {};
    if (data instanceof Float32Array) return { data, dims };
    // Exact up to 2^24, far above any number of classes.
    if (data instanceof Int32Array) return { data: Float32Array.from(data), dims };
    if (data instanceof BigInt64Array) return { data: Float32Array.from(data, Number), dims };
    throw new OcrHubError('model_mismatch', { path: this.file, problem: `one of its outputs is ${type}` });
  }
}

function requireVisibleGpu(): void {
  const gpus = visibleGpus();
  if (gpus === undefined) throw new OcrHubError('gpu_unavailable', { reason: 'CUDA_VISIBLE_DEVICES is not set' });
  if (gpus.trim() === '' || gpus.trim().startsWith('-')) {
    throw new OcrHubError('gpu_unavailable', { reason: `CUDA_VISIBLE_DEVICES is "${gpus}", which names no GPU` });
  }
  if (!ort.listSupportedBackends().some(({ name }) => name === 'cuda')) {
    throw new OcrHubError('gpu_unavailable', {
      reason: `onnxruntime has no CUDA on ${process.platform} ${process.arch}`,
    });
  }
}

function toNative({ useGpu, threads, keepMemory }: Required<SessionOptions>): ort.InferenceSession.SessionOptions {
  return {
    executionProviders: useGpu ? ['cuda'] : ['cpu'],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    enableCpuMemArena: keepMemory,
    // Patterns are kept per shape; with the many shapes of text lines they only hold memory.
    enableMemPattern: false,
    // Threads that spin after a run burn the cores that the next stage, or another process, needs.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
    logSeverityLevel: 3,
  };
}

type TensorMetadata = Extract<ort.InferenceSession.ValueMetadata, { isTensor: true }>;

function onlyInput(file: string, metadata: readonly ort.InferenceSession.ValueMetadata[]): TensorMetadata {
  const [only, ...more] = metadata;
  if (only?.isTensor === true && only.type === 'float32' && more.length === 0) return only;
  const has = metadata.map(shown).join(', ');
  throw new OcrHubError('model_mismatch', {
    path: file,
    problem: `it must have exactly one float32 input, but has ${has === '' ? 'none' : has}`,
  });
}

function toOutput(file: string, metadata: ort.InferenceSession.ValueMetadata): Output {
  if (metadata.isTensor && (metadata.type === 'float32' || wholeTypes.includes(metadata.type)))
    return { dims: metadata.shape.map(asFixed), whole: metadata.type !== 'float32' };
  throw new OcrHubError('model_mismatch', {
    path: file,
    problem: `its outputs must be float32, int32 or int64; one is ${shown(metadata)}`,
  });
}

const wholeTypes: readonly string[] = ['int32', 'int64'];

function shown(metadata: ort.InferenceSession.ValueMetadata): string {
  return `${metadata.name} (${metadata.isTensor ? metadata.type : 'not a tensor'})`;
}

function asFixed(dimension: number | string | undefined): number | undefined {
  return typeof dimension === 'number' && dimension > 0 ? dimension : undefined;
}
