import { row, type NoDetails } from '../row.js';
import { list, withOutput } from '../wording.js';

/** Starting, asking and stopping servers. */
export const serverErrors = {
  modules_missing: row<{ installed: readonly string[] }>({
    kind: 'usage',
    message: (d) => `No modules given. Use --modules or --config (installed: ${list(d.installed)})`,
    hint: (d) =>
      d.installed.length === 0
        ? 'Install one first: ocrhub install ocr_system'
        : `For example: ocrhub serving start -m ${d.installed[0]?.split('==')[0] ?? ''}`,
  }),
  watch_without_folder: row<NoDetails>({
    kind: 'usage',
    message: () => '--watch needs a module served from a folder, for example -m ./my_ocr',
  }),
  gpu_with_multiprocess: row<NoDetails>({
    kind: 'usage',
    message: () => 'use_gpu and use_multiprocess cannot both be true',
    hint: () => 'Take one of them out.',
  }),
  port_in_use: row<{ port: number; holder: string }>({
    kind: 'conflict',
    message: (d) => `Port ${d.port} is already in use${d.holder === '' ? '' : ` by ${d.holder}`}`,
    hint: (d) =>
      d.holder === ''
        ? 'Choose another one with --port.'
        : `Stop it: ocrhub serving stop -p ${d.port}, or choose another port with --port.`,
  }),
  debug_port_in_use: row<{ port: number }>({
    kind: 'conflict',
    message: (d) => `Debugger port ${d.port} is already in use`,
    hint: () => 'Choose another one with --inspect_port; 0 takes one that is free.',
  }),
  host_unavailable: row<{ host: string; port: number; problem: string }>({
    kind: 'usage',
    message: (d) => `Cannot listen on ${d.host}, port ${d.port}: ${d.problem}`,
    hint: (d) => {
      if (d.problem.includes('EACCES') && d.port < 1024)
        return `Ports below 1024 need root or CAP_NET_BIND_SERVICE. Choose another one with --port, such as ${8000 + (d.port % 1000)}.`;
      if (d.problem.includes('EACCES'))
        return 'The system does not let you use this port. Choose another one with --port.';
      return 'Use 127.0.0.1 to serve this machine alone, or 0.0.0.0 to serve other machines too.';
    },
  }),
  server_start_failed: row<{ end: string; output: string }>({
    kind: 'failed',
    message: (d) => `The server ended before it was ready (${d.end})${withOutput(d.output)}`,
  }),
  memory_too_small: row<{ allowed: string; held: string; needed: string; processes: number }>({
    kind: 'failed',
    message: (d) => {
      if (d.processes === 0)
        return `The cgroup allows ${d.allowed} of memory, and this process holds ${d.held} before it reads a page`;
      const [many, them] = d.processes === 1 ? ['process', 'it'] : ['processes', 'them'];
      return `The cgroup allows ${d.allowed} of memory, and ${d.processes} inference ${many} and the process beside ${them} hold ${d.held} before they read a page`;
    },
    hint: (d) => `Allow at least ${d.needed}${d.processes < 2 ? '' : ', or start fewer processes with --workers'}.`,
  }),
  server_died: row<{ port: number; pid: number }>({
    kind: 'failed',
    message: (d) => `The server on port ${d.port} (pid ${d.pid}) exited unexpectedly`,
    hint: (d) => `See its last lines: ocrhub serving logs -p ${d.port}`,
  }),
  server_not_found: row<{ port: number; home: string; ports: readonly number[] }>({
    kind: 'missing',
    message: (d) =>
      `No ocrhub server of ${d.home} is running on port ${d.port}; ports with one: ${list(d.ports.map(String))}`,
  }),
  server_of_other_home: row<{ port: number; home: string; pid: number }>({
    kind: 'missing',
    message: (d) =>
      `The ocrhub server that answers on port ${d.port}, pid ${d.pid} in its own words, has no state in ${d.home}`,
    hint: () =>
      'Set OCRHUB_HOME to the home folder that it was started with. It may run in a container or on another machine.',
  }),
  log_not_found: row<{ file: string; port: number }>({
    kind: 'missing',
    message: (d) => `There is no log of port ${d.port} (${d.file})`,
  }),
  control_unreachable: row<{ port: number; problem: string }>({
    kind: 'failed',
    message: (d) => `The server on port ${d.port} did not respond on its control socket: ${d.problem}`,
    hint: (d) => `Stop it and start it again: ocrhub serving stop -p ${d.port}`,
  }),
  server_not_stopped: row<{ port: number; pid: number; problem: string }>({
    kind: 'failed',
    message: (d) =>
      `The server on port ${d.port} (pid ${d.pid}) has no process here, and was not stopped: ${d.problem}`,
    hint: () => 'Stop it where it runs, for example in its container.',
  }),
  reload_busy: row<{ port: number }>({
    kind: 'conflict',
    message: (d) => `The server on port ${d.port} is already loading new modules`,
  }),
  server_in_foreground: row<{ port: number; pid: number }>({
    kind: 'conflict',
    message: (d) =>
      `The server on port ${d.port} (pid ${d.pid}) was started in the foreground; it cannot be restarted from here`,
    hint: (d) =>
      `Restart it where it was started: systemctl restart, docker restart, or its terminal. To have one in the background instead: ocrhub serving stop -p ${d.port}, then ocrhub serving start.`,
  }),
  token_missing: row<{ port: number }>({
    kind: 'usage',
    message: (d) => `The server on port ${d.port} asks for a token, and there is none to restart it with`,
    hint: () => 'Set OCRHUB_TOKEN to the token and try again.',
  }),
  token_unreadable: row<{ file: string; problem: string }>({
    kind: 'usage',
    message: (d) => `The token cannot be read from ${d.file}: ${d.problem}`,
  }),
  tls_unusable: row<{ file: string; problem: string }>({
    kind: 'usage',
    message: (d) => `HTTPS cannot be served with ${d.file}: ${d.problem}`,
    hint: () => 'Give the certificate with --cert and its private key with --key, both as PEM.',
  }),
} as const;
