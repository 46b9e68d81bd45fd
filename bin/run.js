#!/usr/bin/env node
const [first, ...rest] = process.argv.slice(2);

// The server's process starts while this one loads oclif and reads the options. `--foreground` needs none.
if (first === 'serving' && rest[0] === 'start' && !rest.some((word) => ['--foreground', '--help', '-h'].includes(word)))
  await import('../dist/runtime/servers/spawn-ahead.js');

const { main } = await import('../dist/main.js');
// oclif's own --version knows nothing of the engine.
const args = first === '--version' ? ['version', ...rest] : process.argv.slice(2);

await main(args, import.meta.url);
