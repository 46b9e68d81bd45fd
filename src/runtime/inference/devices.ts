import { visibleGpus } from '../config/environment.js';
import { OcrHubError } from '../errors/error.js';

/** Where networks run. There is no silent fall back to the CPU. */
export const devices = ['cpu', 'cuda'] as const;

export type Device = (typeof devices)[number];

/** @throws OcrHubError `gpu_unavailable` unless CUDA_VISIBLE_DEVICES names a GPU */
export function requireVisibleGpu(): void {
  const gpus = visibleGpus();
  if (gpus === undefined) throw new OcrHubError('gpu_unavailable', { reason: 'CUDA_VISIBLE_DEVICES is not set' });
  if (gpus.trim() === '' || gpus.trim().startsWith('-')) {
    throw new OcrHubError('gpu_unavailable', { reason: `CUDA_VISIBLE_DEVICES is "${gpus}", which names no GPU` });
  }
}
