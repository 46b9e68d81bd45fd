import { systemParams, withPreset, type SystemParams } from 'ocrhub';

/** The argument, as JSON, of a worker that runs ocrhub's pipeline. */
export interface OcrhubArguments {
  /** Parameters of `systemParams` that differ from their defaults. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Threads of one inference. */
  readonly threads: number;
}

/** Reads the worker's argument: all parameters, and the number of threads. */
export function pipelineOptions(): { readonly params: SystemParams; readonly threads: number } {
  const { params, threads } = JSON.parse(process.argv[2] ?? '') as OcrhubArguments;
  return { params: systemParams.parse(withPreset(systemParams, {}, params)), threads };
}
