import { setTimeout as sleep } from 'node:timers/promises';
import { Flags } from '@oclif/core';
import { restartBlockers } from '../../runtime/servers/copies/staleness.js';
import { readStatus, type ServerStatus } from '../../runtime/servers/status.js';
import { resolveHome } from '../../runtime/config/home.js';
import { watchReader } from '../../runtime/process/reader-gone.js';
import { BaseCommand } from '../_base.js';
import { printableLine } from '../_printable.js';
import { formatBytes, formatTable } from '../_text.js';
import { noServerText } from './_no-server.js';

const refreshSeconds = 2;

export default class ServingStatus extends BaseCommand {
  static override summary = 'show the running servers, their modules and processes';
  static override examples = [
    '<%= config.bin %> serving status',
    '<%= config.bin %> serving status -p 8868 --watch',
    '<%= config.bin %> serving status --json',
  ];
  static override flags = {
    port: Flags.integer({
      char: 'p',
      description: 'only the server on this port',
      min: 1,
      max: 65535,
      helpValue: 'PORT',
    }),
    watch: Flags.boolean({ description: `refresh every ${refreshSeconds} seconds until Ctrl+C`, exclusive: ['json'] }),
  };

  override async run(): Promise<{ servers: ServerStatus[] }> {
    const { flags } = await this.parse(ServingStatus);
    const home = resolveHome();
    if (flags.watch) watchReader();
    for (;;) {
      const servers = await readStatus(home, flags.port);
      if (flags.watch && process.stdout.isTTY) process.stdout.write('\u001B[2J\u001B[H');
      this.log(servers.length === 0 ? noServerText(home) : servers.map(describe).join('\n\n'));
      if (!flags.watch) return { servers };
      await sleep(refreshSeconds * 1000);
    }
  }
}

function describe(server: ServerStatus): string {
  const { url, pid, status, reason, uptimeSeconds, served, failed, queued, latency } = server;
  const times = latency === null ? '' : `, p50 ${latency.p50} ms, p95 ${latency.p95} ms, p99 ${latency.p99} ms`;
  const lines = [
    `${url}  ${status}${reason === '' ? '' : ` (${reason})`}  pid ${pid}  up ${formatDuration(uptimeSeconds)}`,
    `served ${served}, failed ${failed}, waiting ${queued}${times}`,
    ...server.modules.flatMap((module) => {
      const { route, version, hash, problem, setting, models } = module;
      const how = `${setting === null ? '' : `  setting ${setting}`}${problem === '' ? '' : `  not served: ${problem}`}`;
      return [
        `  ${route} ${version} (${hash})${how}${describeChange(server, module)}`,
        ...models.map(({ role, model, precision, reason }) => `    ${role}: ${model}, ${precision} (${reason})`),
      ];
    }),
  ];
  const rows = [
    ['server', String(pid), '', formatBytes(server.rssBytes), formatPercent(server.cpuPercent), '', ''],
    ...server.processes.map((process) => [
      'inference',
      String(process.pid),
      process.state,
      formatBytes(process.rssBytes),
      formatPercent(process.cpuPercent),
      String(process.served),
      String(process.failed),
    ]),
  ];
  return `${lines.map(printableLine).join('\n')}\n${formatTable(['PROCESS', 'PID', 'STATE', 'MEMORY', 'CPU', 'SERVED', 'FAILED'], rows)}`;
}

/** How the installed copy has changed since the start of the server. */
function describeChange(
  { port, modules }: ServerStatus,
  { installed, changed, damaged }: ServerStatus['modules'][number],
): string {
  if (!installed) return '  uninstalled since start';
  if (damaged !== null) return `  installed copy damaged since start: ${damaged.mend}`;
  if (!changed) return '';
  const advice = restartBlockers(modules).length === 0 ? `: ocrhub serving restart -p ${port}` : '';
  return `  installed copy changed since start${advice}`;
}

function formatDuration(seconds: number): string {
  const [days, hours, minutes] = [
    Math.floor(seconds / 86_400),
    Math.floor(seconds / 3600) % 24,
    Math.floor(seconds / 60) % 60,
  ];
  if (days > 0) return `${days} d ${hours} h`;
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
}

function formatPercent(value: number): string {
  return `${value.toFixed(1)} %`;
}
