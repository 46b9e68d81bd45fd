#!/usr/bin/env node
import os from 'node:os';

// A user without an entry in /etc/passwd, as in a container with `--user 1234`, has no home directory and no shell. oclif
// cannot be loaded without them. Docker too sets the home directory to the root.
setIfMissing('HOME', '/', os.homedir);
setIfMissing('SHELL', '/bin/sh', os.userInfo);

const [first, ...rest] = process.argv.slice(2);

// The server's process starts while this one loads oclif and reads the options. `--foreground` needs none.
if (first === 'serving' && rest[0] === 'start' && !rest.some((word) => ['--foreground', '--help', '-h'].includes(word)))
  await import('../dist/runtime/servers/spawn-ahead.js');

const { main } = await import('../dist/main.js');
// oclif's own --version knows nothing of the engine.
const args = first === '--version' ? ['version', ...rest] : process.argv.slice(2);

await main(args, import.meta.url);

function setIfMissing(variable, value, read) {
  try {
    read();
  } catch {
    process.env[variable] ??= value;
  }
}
