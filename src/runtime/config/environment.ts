import path from 'node:path';
import { userPath } from '../files/user-path.js';

/* The environment variables that ocrhub reads, and the environments of the processes that it starts. */

/** `$OCRHUB_HOME` as an absolute path, with `~` replaced; undefined if not set. */
export function givenHome(): string | undefined {
  const folder = readVariable('OCRHUB_HOME');
  return folder === undefined ? undefined : userPath(folder);
}

/** `$OCRHUB_TOKEN`; undefined if not set. */
export function givenToken(): string | undefined {
  return readVariable('OCRHUB_TOKEN');
}

/** `$OCRHUB_PDF_PASSWORD`; undefined if not set. */
export function givenPdfPassword(): string | undefined {
  return readVariable('OCRHUB_PDF_PASSWORD');
}

/** `$OCRHUB_QUEUE_PASSWORD`; undefined if not set. */
export function givenQueuePassword(): string | undefined {
  return readVariable('OCRHUB_QUEUE_PASSWORD');
}

/** `$XDG_RUNTIME_DIR`, the user's folder for sockets; undefined if not set, or if its path is relative. */
export function runtimeFolder(): string | undefined {
  const folder = readVariable('XDG_RUNTIME_DIR');
  return folder !== undefined && path.isAbsolute(folder) ? folder : undefined;
}

/** `$CUDA_VISIBLE_DEVICES`, the GPUs that CUDA may use; undefined if not set. */
export function visibleGpus(): string | undefined {
  return process.env['CUDA_VISIBLE_DEVICES'];
}

/**
 * Turns off onnxruntime's telemetry, unless the user has set the variable (0 turns it on). Call it before onnxruntime is
 * loaded: onnxruntime reads the variable only then. Since 1.30 onnxruntime reports
 * what it runs over HTTPS, keeps an id of the machine in the user's home directory and leaves a file per process in /tmp
 * (microsoft/onnxruntime pull request 27379).
 */
export function declineEngineTelemetry(): void {
  process.env['ORT_DISABLE_TELEMETRY'] ??= '1';
}

const certificates = 'NODE_EXTRA_CA_CERTS';
const keptCertificates = `OCRHUB_KEPT_${certificates}`;

/**
 * Environment of a server process. The server makes no HTTPS requests, so NODE_EXTRA_CA_CERTS, which doubles the time that
 * Node takes to start, is passed on to the inference processes only. OCRHUB_HOME keeps the server in the home folder it was
 * started in when the user sets another one.
 */
export function serverEnvironment({ root }: { readonly root: string }): NodeJS.ProcessEnv {
  const { [certificates]: extra, ...others } = process.env;
  const kept = extra === undefined ? {} : { [keptCertificates]: extra };
  return { ...serverMalloc, ...others, ...kept, OCRHUB_HOME: root };
}

/**
 * glibc returns the memory of a request body to the OS once it is freed; by default it keeps it, in one arena a thread. The
 * limit is below the 64 KiB of the blocks in which Node receives a body and `ArrivingBody` collects it. See
 * decision 40.
 */
const serverMalloc = { MALLOC_ARENA_MAX: '1', MALLOC_MMAP_THRESHOLD_: String(32 * 1024) };

/**
 * Environment of an inference process.
 *
 * @param cores the cores that this process may use
 * @param home the server's home folder, for processes that a module starts; undefined to inherit OCRHUB_HOME
 */
export function inferenceEnvironment(cores: number, home: { readonly root: string } | undefined): NodeJS.ProcessEnv {
  const { [keptCertificates]: kept, ...inherited } = process.env;
  return {
    ...inherited,
    ...(kept === undefined ? {} : { [certificates]: kept }),
    ...(home === undefined ? {} : { OCRHUB_HOME: home.root }),
    // glibc keeps an arena of freed memory for each thread. One is enough, because the engine has its own allocator; a
    // process is 20 MB smaller than with two.
    MALLOC_ARENA_MAX: '1',
    // Larger blocks (pictures; with det_keep_memory off, the detector's maps) return to the OS when they are freed. By
    // default glibc raises this limit with each such block and keeps them.
    MALLOC_MMAP_THRESHOLD_: String(4 * 1024 ** 2),
    UV_THREADPOOL_SIZE: String(Math.max(2, Math.min(cores, 4))),
  };
}

/** An empty variable counts as not set. */
function readVariable(name: string): string | undefined {
  const value = process.env[name];
  return value === '' ? undefined : value;
}

/** Where the S3 store is and in which region, as the AWS SDK reads it too. */
export function bucketPlace(): { readonly endpoint: string | undefined; readonly region: string | undefined } {
  const { AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, AWS_REGION, AWS_DEFAULT_REGION } = process.env;
  return { endpoint: AWS_ENDPOINT_URL_S3 ?? AWS_ENDPOINT_URL, region: AWS_REGION ?? AWS_DEFAULT_REGION };
}

/** The AWS SDK warns that its later versions need Node 22. The version that package.json names runs on Node 20. */
export function silenceBucketWarning(): void {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
}
