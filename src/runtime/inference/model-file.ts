import { OcrHubError } from '../errors/error.js';
import { openRegularFile } from '../files/read-regular.js';

/**
 * Looks at a model file before the engine opens it by its path: the engine would wait for a pipe, and says "Protobuf parsing
 * failed" of everything that is no model. A file that does not exist is left to the engine.
 *
 * @returns bytes of the file
 * @throws OcrHubError `model_mismatch` for a pipe, a device or an empty file, and for what is downloaded in place of a model
 */
export async function checkModelFile(file: string): Promise<number> {
  const refuse = (problem: string, cause?: unknown): OcrHubError =>
    new OcrHubError('model_mismatch', { path: file, problem }, { cause });
  const handle = await openRegularFile(file).catch((error: unknown) => {
    throw refuse(`it cannot be read: ${(error as Error).message}`, error);
  });
  try {
    const { size } = await handle.stat();
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(startBytes), 0, startBytes, 0);
    const start = buffer.subarray(0, bytesRead);
    if (size === 0) throw refuse('it is empty');
    const text = start.toString('latin1').trimStart();
    const other = others.find(({ pattern }) => pattern.test(text));
    if (other !== undefined) throw refuse(`it has ${size} bytes and is ${other.what}`);
    return size;
  } finally {
    await handle.close();
  }
}

const startBytes = 200;

const others: readonly { readonly pattern: RegExp; readonly what: string }[] = [
  {
    pattern: /^version https:\/\/git-lfs/,
    what: 'the pointer of Git LFS to the model; fetch the model with: git lfs pull',
  },
  {
    pattern: /^(\u00ef\u00bb\u00bf)?\s*<(!doctype|html|\?xml)/i,
    what: 'a page of HTML or XML, as a server sends it in place of a file; download the model again',
  },
  { pattern: /^[{[]\s*"/, what: 'JSON, as a server sends it in place of a file; download the model again' },
  { pattern: /^PK\u0003\u0004/, what: 'a ZIP archive; unpack it' },
  { pattern: /^\u001f\u008b/, what: 'compressed with gzip; unpack it' },
  {
    pattern: /^\u0080\u0002|^\u0080\u0004/,
    what: 'a pickle of Python, such as weights of PyTorch; export the model as ONNX',
  },
];
