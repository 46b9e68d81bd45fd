import { row } from '../row.js';
import { list } from '../wording.js';

/** Models, their files, and the engine that runs them. */
export const modelErrors = {
  model_unknown: row<{ name: string; role: string; known: readonly string[] }>({
    kind: 'missing',
    message: (d) =>
      `No ${d.role} model "${d.name}": it is neither a known model set (${list(d.known)}) nor a file or folder`,
  }),
  model_missing: row<{ path: string; how: string }>({
    kind: 'missing',
    message: (d) => `Model file ${d.path} is missing`,
    hint: (d) => d.how,
  }),
  model_corrupt: row<{ path: string; expected: string; actual: string }>({
    kind: 'failed',
    message: (d) => `Model file ${d.path} is damaged: its SHA-256 is ${d.actual}, expected ${d.expected}`,
    hint: () => 'Reinstall ocrhub if the file came with it; otherwise run ocrhub download again.',
  }),
  model_mismatch: row<{ path: string; problem: string }>({
    kind: 'failed',
    message: (d) => `Model ${d.path} cannot be used: ${d.problem}`,
  }),
  model_set_unknown: row<{ name: string; known: readonly string[] }>({
    kind: 'missing',
    message: (d) => `No model set is called "${d.name}"; there are: ${list(d.known)}`,
    hint: () => 'See what each holds: ocrhub models',
  }),
  model_set_exists: row<{ name: string; folder: string }>({
    kind: 'conflict',
    message: (d) => `There is a model set ${d.name} already (${d.folder})`,
    hint: () => 'Choose another --name, or remove that folder.',
  }),
  download_failed: row<{ url: string; problem: string; resumable: boolean }>({
    kind: 'failed',
    message: (d) => `${d.url} could not be downloaded: ${d.problem}`,
    hint: (d) =>
      d.resumable
        ? 'Run the same command again to resume. Other sources: --mirror URL, or --from FOLDER.'
        : 'Other sources: --mirror URL, or --from FOLDER.',
  }),
  gpu_unavailable: row<{ reason: string }>({
    kind: 'usage',
    message: (d) => `cannot run on the GPU: ${d.reason}`,
    hint: () =>
      'Set CUDA_VISIBLE_DEVICES and install ocrhub with ONNXRUNTIME_NODE_INSTALL unset (it then brings the CUDA libraries), or run on the CPU.',
  }),
} as const;
