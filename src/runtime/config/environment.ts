import path from 'node:path';

/*
 * The one reader of the environment: what its variables say, and what the processes of a server inherit.
 */

/** `$OCRHUB_HOME` as an absolute path; undefined when not set. */
export function givenHome(): string | undefined {
  const folder = environment('OCRHUB_HOME');
  return folder === undefined ? undefined : path.resolve(folder);
}

/** `$OCRHUB_TOKEN`; undefined when not set. */
export function givenToken(): string | undefined {
  return environment('OCRHUB_TOKEN');
}

/** The GPUs that CUDA may use, as the user set them; undefined when not set. */
export function visibleGpus(): string | undefined {
  return process.env['CUDA_VISIBLE_DEVICES'];
}

/**
 * onnxruntime reports what it runs to its makers over HTTPS, keeps an id of the machine in the home folder and leaves a
 * file in /tmp for each process (since 1.30, microsoft/onnxruntime pull request 27379). Whoever wants that sets the
 * variable to 0.
 */
export function declineEngineTelemetry(): void {
  process.env['ORT_DISABLE_TELEMETRY'] ??= '1';
}

/**
 * Keeps this process, and those that it starts from now on, with a home folder. That of a detached server is started so
 * (`serverEnvironment`).
 */
export function stayIn({ root }: { readonly root: string }): void {
  process.env['OCRHUB_HOME'] = root;
}

/**
 * What a server's process inherits. It asks nobody by HTTPS, but node reads the extra certificates whenever it starts, and
 * a system's whole list takes it twice as long as everything else; the variable waits for the inference processes.
 */
export function serverEnvironment({ root }: { readonly root: string }): NodeJS.ProcessEnv {
  const { [certificates]: extra, ...others } = process.env;
  const kept = extra === undefined ? {} : { [keptCertificates]: extra };
  // It stays with the home folder that it was started in when its user moves theirs.
  return { ...givenBack, ...others, ...kept, OCRHUB_HOME: root };
}

/**
 * The memory of a request's body goes back to the system when it has been answered. glibc would keep it, in an arena a thread:
 * after 800 receipts posted to ocr_cls a server has 86 MB then instead of 101.
 */
const givenBack = { MALLOC_ARENA_MAX: '1', MALLOC_MMAP_THRESHOLD_: String(128 * 1024) };

const certificates = 'NODE_EXTRA_CA_CERTS';
const keptCertificates = `OCRHUB_KEPT_${certificates}`;

/** What an inference process inherits. */
export function inferenceEnvironment(cores: number): NodeJS.ProcessEnv {
  const { [keptCertificates]: kept, ...inherited } = forAnyFolder();
  return {
    ...inherited,
    ...(kept === undefined ? {} : { [certificates]: kept }),
    // glibc keeps an arena of freed memory for each thread; one is enough, for the engine has its own, and a process is
    // 20 MB smaller than with two.
    MALLOC_ARENA_MAX: '1',
    // What is larger than this (pictures; with det_keep_memory off, the detector's maps) goes back to the system when it is
    // freed. glibc would raise the bound with each such block, and keep them.
    MALLOC_MMAP_THRESHOLD_: String(4 * 1024 ** 2),
    UV_THREADPOOL_SIZE: String(Math.max(2, Math.min(cores, 4))),
  };
}

/** The variables of this process, for one that may run in another folder. */
function forAnyFolder(): NodeJS.ProcessEnv {
  const home = givenHome();
  return home === undefined ? process.env : { ...process.env, OCRHUB_HOME: home };
}

/** A variable that is set to nothing is not set. */
function environment(name: string): string | undefined {
  const value = process.env[name];
  return value === '' ? undefined : value;
}
