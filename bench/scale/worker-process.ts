import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { ScaleWorkerSettings } from '../workers/scale-worker.js';
import { root } from '../lib/ocrhub.js';

export interface WorkerReport {
  readonly units: number;
  readonly pages: number;
  readonly cpuSeconds: number;
}

/** A stub worker in a process of its own, to be stopped or killed. */
export class WorkerProcess {
  readonly child: ChildProcess;
  readonly #report: Promise<WorkerReport | undefined>;

  constructor(settings: ScaleWorkerSettings, env: object = {}) {
    this.child = fork(path.join(root, 'bench', 'out', 'workers', 'scale-worker.js'), {
      env: { ...process.env, ...env, SCALE_WORKER: JSON.stringify(settings) },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const report = new Promise<WorkerReport>((resolve) => this.child.once('message', resolve as never));
    this.#report = Promise.race([report, once(this.child, 'exit').then(() => undefined)]);
  }

  get isAlive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Resolves when it has nothing more to do, or was killed. */
  async stopped(): Promise<void> {
    await this.#report;
  }

  /** Lets it finish. Undefined if it was killed. */
  async stop(): Promise<WorkerReport | undefined> {
    if (this.isAlive) this.child.kill('SIGTERM');
    return this.#report;
  }

  kill(signal: NodeJS.Signals = 'SIGKILL'): void {
    this.child.kill(signal);
  }
}
