import Module from 'node:module';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { OcrHubError } from '../../../src/runtime/errors/error.js';
import { toStartError } from '../../../src/runtime/module/module-error.js';
import { decodeImage } from '../../../src/runtime/image/decode.js';
import { openSession } from '../../../src/runtime/inference/session.js';
import { fixtureBytes } from '../../helpers/pictures.js';

/** Makes a package fail to load, as one without the binary for this machine does. */
function breakPackage(name: string): void {
  const load = Reflect.get(Module.prototype, 'require') as (this: Module, id: string) => unknown;
  vi.spyOn(Module.prototype, 'require').mockImplementation(function (this: Module, id: string): unknown {
    if (id === name) throw new Error(`Could not load the "${name}" module using the linux-x64 runtime`);
    return load.call(this, id);
  });
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('a native package that does not load', () => {
  it.each([
    ['sharp', () => decodeImage(fixtureBytes('small.png'))],
    ['onnxruntime-node', () => openSession('no.onnx')],
  ])('%s is reported as a broken installation, and is loaded again at the next call', async (name, use) => {
    breakPackage(name);
    const error: unknown = await use().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'installation_broken',
      message: expect.stringContaining(`its package ${name} cannot be loaded`) as string,
    });
    expect(toStartError(error, 'my_ocr')).toBe(error);
    vi.restoreAllMocks();
    const result: unknown = await use().catch((thrown: unknown) => thrown);
    expect(OcrHubError.is(result) ? result.code : 'read').toBe(name === 'sharp' ? 'read' : 'model_mismatch');
  });
});
