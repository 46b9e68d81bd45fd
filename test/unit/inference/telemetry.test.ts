import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const variable = 'ORT_DISABLE_TELEMETRY';

beforeEach(() => {
  vi.stubEnv(variable, undefined);
});

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("onnxruntime's telemetry", () => {
  it('is turned off when onnxruntime is loaded; importing "ocrhub" changes no environment variable', async () => {
    const before = { ...process.env };
    await import('../../../src/runtime/index.js');
    expect({ ...process.env }).toEqual(before);
    const { openSession } = await import('../../../src/runtime/inference/session.js');
    await expect(openSession('no.onnx')).rejects.toMatchObject({ code: 'model_mismatch' });
    expect(process.env[variable]).toBe('1');
  });

  it('stays as the user has set it', async () => {
    vi.stubEnv(variable, '0');
    const { openSession } = await import('../../../src/runtime/inference/session.js');
    await expect(openSession('no.onnx')).rejects.toMatchObject({ code: 'model_mismatch' });
    expect(process.env[variable]).toBe('0');
  });
});
