import path from 'node:path';
import type { Network } from './backends/network.js';
import { loadOnnxNetwork } from './backends/onnxruntime.js';
import type { Device } from './devices.js';

export type { Tensor } from './backends/network.js';

export interface SessionOptions {
  /** Where the network runs; `cpu` by default. */
  readonly device?: Device;
  /** Threads of one run; 1 by default. */
  readonly threads?: number;
  /** Keep the memory of a run for the next one (the default); otherwise it is freed, which costs time. */
  readonly keepMemory?: boolean;
}

/** A network that several callers may hold. */
export interface Session extends Omit<Network, 'release'> {
  readonly file: string;
  /** Call once per `openSession`. The last call releases the network. */
  close(): Promise<void>;
}

/**
 * Loads an ONNX file. The process loads each file once per combination of options: a second call with the same options
 * answers the same session.
 *
 * @throws OcrHubError `gpu_unavailable`; `model_mismatch` when the file is not a network of the expected kind
 */
export function openSession(
  file: string,
  { device = 'cpu', threads = 1, keepMemory = true }: SessionOptions = {},
): Promise<Session> {
  const key = JSON.stringify([path.resolve(file), device, threads, keepMemory]);
  const known = held.get(key);
  if (known !== undefined) {
    known.holders++;
    return known.session;
  }
  const session = open(key, path.resolve(file), { device, threads, keepMemory });
  held.set(key, { session, holders: 1 });
  session.catch(() => held.delete(key));
  return session;
}

interface Held {
  readonly session: Promise<Session>;
  /** Calls of `openSession` minus calls of `close`. */
  holders: number;
}

const held = new Map<string, Held>();

async function open(key: string, file: string, options: Required<SessionOptions>): Promise<Session> {
  const network = await loadOnnxNetwork(file, options);
  let closed = false;
  return {
    file,
    inputDims: network.inputDims,
    outputs: network.outputs,
    run: (data, dims) => network.run(data, dims),
    async close() {
      const known = held.get(key);
      if (closed || known === undefined || --known.holders > 0) return;
      closed = true;
      held.delete(key);
      await network.release();
    },
  };
}
