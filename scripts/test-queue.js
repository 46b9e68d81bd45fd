// Runs workers with a real Redis and a real PostgreSQL, and kills them: npm run test:queue. A broker that is not installed is
// skipped. Takes some minutes.
import { spawnSync } from 'node:child_process';

const needed = [
  ['redis-server', 'command -v redis-server', 'apt-get install redis-server'],
  ['initdb', 'command -v initdb || ls /usr/lib/postgresql/*/bin/initdb', 'apt-get install postgresql'],
];

const missing = needed.filter(([, find]) => spawnSync('sh', ['-c', find]).status !== 0);
for (const [command, , install] of missing)
  console.error(`Skipped, because there is no ${command}. Install it: ${install}`);

if (missing.length === needed.length) process.exitCode = 1;
else {
  const { status } = spawnSync('npx', ['vitest', 'run', 'test/queue', ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, TEST_QUEUE: '1' },
  });
  process.exitCode = status ?? 1;
}
