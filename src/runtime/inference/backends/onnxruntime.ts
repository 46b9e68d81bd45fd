import { createRequire } from 'node:module';
import type ort from 'onnxruntime-node';
import { declineEngineTelemetry } from '../../config/environment.js';
import { blameInstallation } from '../../errors/blame-installation.js';
import { OcrHubError } from '../../errors/error.js';
import { checkModelFile } from '../model-file.js';
import { requireVisibleGpu, type Device } from '../devices.js';
import type { Network, Output, Tensor } from './network.js';

export interface OnnxruntimeOptions {
  readonly device: Device;
  /** Threads of one run. */
  readonly threads: number;
  /** Keep the memory of a run for the next one. */
  readonly keepMemory: boolean;
}

/**
 * Loads an ONNX file with onnxruntime.
 *
 * @throws OcrHubError `installation_broken`; `gpu_unavailable`; `model_mismatch` when the file is not a network of the expected kind
 */
export async function loadOnnxNetwork(file: string, options: OnnxruntimeOptions): Promise<Network> {
  const engine = loadOnnxruntime();
  if (options.device === 'cuda') requireCuda(engine);
  const size = await checkModelFile(file);
  const session = await engine.InferenceSession.create(file, toNative(options)).catch(async (error: unknown) => {
    throw await explainFailure(engine, file, { error, size, options });
  });
  return new OnnxNetwork(file, session, engine);
}

interface Failure {
  readonly error: unknown;
  /** Bytes of the file. */
  readonly size: number;
  readonly options: OnnxruntimeOptions;
}

/**
 * Tells a fault of the GPU from one of the file. The words of the engine's message prove neither, because it holds the path. A file
 * that loads on the CPU is whole, so CUDA is at fault: onnxruntime-node 1.30 does not fall back to the CPU itself.
 */
async function explainFailure(
  engine: typeof ort,
  file: string,
  { error, size, options }: Failure,
): Promise<OcrHubError> {
  if (options.device === 'cpu') return unloadable(file, error, size);
  try {
    await (await engine.InferenceSession.create(file, toNative({ ...options, device: 'cpu' }))).release();
  } catch (cpuError) {
    return unloadable(file, cpuError, size);
  }
  return new OcrHubError(
    'gpu_unavailable',
    { reason: `CUDA could not be started: ${textOf(error)}` },
    { cause: error },
  );
}

/** A file that was cut off gets the same message as one that never was a model. */
function unloadable(file: string, error: unknown, size: number): OcrHubError {
  const problem = textOf(error);
  const isCutOff = /protobuf/i.test(problem.replaceAll(file, ''));
  const note = isCutOff ? ` It is no ONNX model, or a part is missing: it has ${size} bytes.` : '';
  return new OcrHubError(
    'model_mismatch',
    { path: file, problem: `it does not load: ${problem}${note}` },
    { cause: error },
  );
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Loads onnxruntime's native code. A server's process calls it early; otherwise the first network does.
 *
 * @throws OcrHubError `installation_broken`
 */
export function loadOnnxruntime(): typeof ort {
  declineEngineTelemetry();
  return blameInstallation('onnxruntime-node', () => require('onnxruntime-node') as typeof ort);
}

// Unlike import(), require loads a package again after a failure, and takes half the time.
const require = createRequire(import.meta.url);

class OnnxNetwork implements Network {
  readonly inputDims: readonly (number | undefined)[];
  readonly outputs: readonly Output[];
  readonly #file: string;
  readonly #session: ort.InferenceSession;
  readonly #input: string;
  readonly #engine: typeof ort;

  constructor(file: string, session: ort.InferenceSession, engine: typeof ort) {
    const input = onlyInput(file, session.inputMetadata);
    this.#file = file;
    this.#session = session;
    this.#engine = engine;
    this.#input = input.name;
    this.inputDims = input.shape.map(toDimension);
    this.outputs = session.outputMetadata.map((output) => toOutput(file, output));
  }

  async run(data: Float32Array, dims: readonly number[]): Promise<readonly Tensor[]> {
    const results = await this.#session.run({ [this.#input]: new this.#engine.Tensor('float32', data, dims) });
    return this.#session.outputNames.map((name) => this.#toTensor(results[name]));
  }

  release(): Promise<void> {
    return this.#session.release();
  }

  #toTensor(output: ort.Tensor | undefined): Tensor {
    const { data, dims = [], type = 'missing' } = output ?? {};
    if (data instanceof Float32Array) return { data, dims };
    // Exact up to 2^24, far above any number of classes.
    if (data instanceof Int32Array) return { data: Float32Array.from(data), dims };
    if (data instanceof BigInt64Array) return { data: Float32Array.from(data, Number), dims };
    throw new OcrHubError('model_mismatch', { path: this.#file, problem: `one of its outputs is ${type}` });
  }
}

function requireCuda(engine: typeof ort): void {
  requireVisibleGpu();
  if (!engine.listSupportedBackends().some(({ name }) => name === 'cuda')) {
    throw new OcrHubError('gpu_unavailable', {
      reason: `onnxruntime has no CUDA on ${process.platform} ${process.arch}`,
    });
  }
}

function toNative({ device, threads, keepMemory }: OnnxruntimeOptions): ort.InferenceSession.SessionOptions {
  return {
    executionProviders: [device],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    enableCpuMemArena: keepMemory,
    // Memory patterns are kept for each shape; with the many shapes of text lines they only hold memory.
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
  const has = metadata.map(describe).join(', ');
  throw new OcrHubError('model_mismatch', {
    path: file,
    problem: `it must have exactly one float32 input, but has ${has === '' ? 'none' : has}`,
  });
}

function toOutput(file: string, metadata: ort.InferenceSession.ValueMetadata): Output {
  if (metadata.isTensor && (metadata.type === 'float32' || integerTypes.includes(metadata.type)))
    return { dims: metadata.shape.map(toDimension), isInteger: metadata.type !== 'float32' };
  throw new OcrHubError('model_mismatch', {
    path: file,
    problem: `its outputs must be float32, int32 or int64; one is ${describe(metadata)}`,
  });
}

const integerTypes: readonly string[] = ['int32', 'int64'];

function describe(metadata: ort.InferenceSession.ValueMetadata): string {
  return `${metadata.name} (${metadata.isTensor ? metadata.type : 'not a tensor'})`;
}

function toDimension(dimension: number | string | undefined): number | undefined {
  return typeof dimension === 'number' && dimension > 0 ? dimension : undefined;
}
