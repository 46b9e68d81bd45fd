import path from 'node:path';
import ort from 'onnxruntime-node';
import { OcrHubError } from '../errors.js';
import { visibleGpus } from '../settings.js';
import { engineOptions } from './engine.js';

export interface SessionOptions {
  /** Run on the GPU; there is no silent fall back to the CPU. */
  readonly useGpu?: boolean;
}

export interface Tensor {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

/** A loaded network with one float32 input and one float32 output. */
export interface Session {
  readonly file: string;
  /** The input's dimensions; undefined where the network takes any. */
  readonly inputDims: readonly (number | undefined)[];
  /** The output's dimensions; undefined where the file does not say them, empty where it says nothing. */
  readonly outputDims: readonly (number | undefined)[];
  /** The last dimension of the output, where the file says it: the number of classes. */
  readonly outputClasses: number | undefined;
  run(data: Float32Array, dims: readonly number[]): Promise<Tensor>;
}

/**
 * Loads an ONNX file. A process holds each file once: a second call with the same file answers the same session.
 *
 * @throws OcrHubError `gpu_unavailable`; `model_mismatch` when the file is no network of the expected kind.
 */
export function openSession(file: string, { useGpu = false }: SessionOptions = {}): Promise<Session> {
  const key = `${useGpu ? 'gpu' : 'cpu'}:${path.resolve(file)}`;
  const open = sessions.get(key) ?? createSession(path.resolve(file), useGpu);
  sessions.set(key, open);
  open.catch(() => sessions.delete(key));
  return open;
}

const sessions = new Map<string, Promise<Session>>();

async function createSession(file: string, useGpu: boolean): Promise<Session> {
  if (useGpu) requireVisibleGpu();
  const options = sessionOptions(useGpu);
  const native = await ort.InferenceSession.create(file, options).catch((error: unknown) => {
    const problem = error instanceof Error ? error.message : String(error);
    // Measured with onnxruntime-node 1.30: asked for CUDA without its libraries, creation throws
    // "OrtSessionOptionsAppendExecutionProvider_Cuda: Failed to load shared library"; it does not fall back.
    if (/cuda|execution ?provider/i.test(problem)) {
      throw new OcrHubError('gpu_unavailable', { reason: `CUDA could not be started: ${problem}` }, { cause: error });
    }
    throw new OcrHubError('model_mismatch', { path: file, problem: `it does not load: ${problem}` }, { cause: error });
  });
  return new OrtSession(file, native);
}

class OrtSession implements Session {
  readonly file: string;
  readonly inputDims: readonly (number | undefined)[];
  readonly outputDims: readonly (number | undefined)[];
  readonly outputClasses: number | undefined;
  readonly #native: ort.InferenceSession;
  readonly #input: string;
  readonly #output: string;

  constructor(file: string, native: ort.InferenceSession) {
    const input = onlyTensor(file, 'input', native.inputMetadata);
    const output = onlyTensor(file, 'output', native.outputMetadata);
    this.file = file;
    this.#native = native;
    this.#input = input.name;
    this.#output = output.name;
    this.inputDims = input.shape.map(asFixed);
    this.outputDims = output.shape.map(asFixed);
    this.outputClasses = this.outputDims.at(-1);
  }

  async run(data: Float32Array, dims: readonly number[]): Promise<Tensor> {
    const feeds = { [this.#input]: new ort.Tensor('float32', data, dims) };
    const output = (await this.#native.run(feeds))[this.#output];
    if (!(output?.data instanceof Float32Array)) {
      throw new OcrHubError('model_mismatch', {
        path: this.file,
        problem: `its output is ${output?.type ?? 'missing'}`,
      });
    }
    return { data: output.data, dims: output.dims };
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

function sessionOptions(useGpu: boolean): ort.InferenceSession.SessionOptions {
  const { threads } = engineOptions();
  return {
    executionProviders: useGpu ? ['cuda'] : ['cpu'],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    enableCpuMemArena: true,
    // Patterns are kept per shape; with the many shapes of text lines they only hold memory.
    enableMemPattern: false,
    // Threads that spin after a run burn the cores that the next stage, or another process, needs.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
    logSeverityLevel: 3,
  };
}

interface TensorMetadata {
  readonly name: string;
  readonly shape: readonly (number | string)[];
}

function onlyTensor(
  file: string,
  side: string,
  metadata: readonly ort.InferenceSession.ValueMetadata[],
): TensorMetadata {
  const [only, ...more] = metadata;
  if (only?.isTensor !== true || only.type !== 'float32' || more.length > 0) {
    const has = metadata.map((each) => `${each.name} (${each.isTensor ? each.type : 'no tensor'})`).join(', ');
    throw new OcrHubError('model_mismatch', {
      path: file,
      problem: `it must have one float32 ${side}, and has ${has === '' ? 'none' : has}`,
    });
  }
  return only;
}

function asFixed(dimension: number | string | undefined): number | undefined {
  return typeof dimension === 'number' && dimension > 0 ? dimension : undefined;
}
