import path from 'node:path';
import { root } from '../lib/ocrhub.js';
import { installFromNpm, installFromPyPI } from './install.js';
import type { System } from './system.js';
import { workerFile } from './worker-file.js';

const models = path.join(root, 'models');
const pythonWorker = (name: string): string => path.join(root, 'bench', 'workers', name);

/**
 * The systems that ocrhub is compared with, with their defaults as installed. All use the weights of PP-OCRv6 small, except
 * the row that says tiny. The weights are those of their own package, or else those in models/.
 */
export const rivals: readonly System[] = [
  fasterPaddle('small'),
  fasterPaddle('tiny'),
  {
    name: 'RapidOCR 3.10 as installed',
    isOurs: false,
    install: () => [
      // The engine of the same release as ocrhub's.
      installFromPyPI('rapidocr', ['rapidocr==3.10.0', 'onnxruntime==1.30.0', 'opencv-python-headless==5.0.0.93']),
      pythonWorker('rapidocr_worker.py'),
    ],
  },
  {
    name: 'rapidocr_ng 5.0.0a5, v6 small',
    isOurs: false,
    // In a folder of its own: both install a Python package named rapidocr.
    install: () => [
      installFromPyPI('rapidocr_ng', ['rapidocr_ng==5.0.0a5']),
      pythonWorker('rapidocr_ng_worker.py'),
      models,
    ],
  },
  {
    name: 'ppu-paddle-ocr 6.3.0, v6 small',
    isOurs: false,
    install: () => [
      process.execPath,
      workerFile('ppu-paddle-ocr'),
      installFromNpm('ppu-paddle-ocr', { 'ppu-paddle-ocr': '6.3.0', 'onnxruntime-node': '1.30.0' }),
      models,
    ],
  },
];

function fasterPaddle(size: 'small' | 'tiny'): System {
  return {
    name: `faster-paddle 1.0.4, v6 ${size}`,
    isOurs: false,
    install: () => [
      installFromPyPI('faster-paddle', ['faster-paddle==1.0.4']),
      pythonWorker('faster_paddle_worker.py'),
      size,
    ],
  };
}
