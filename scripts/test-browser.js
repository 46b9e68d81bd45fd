// Runs the page of /ui/ in Chromium: npm run test:browser. `apt-get install chromium fonts-noto-cjk` installs it on Debian.
import { spawnSync } from 'node:child_process';

const { status } = spawnSync('npx', ['vitest', 'run', 'test/browser'], {
  stdio: 'inherit',
  env: { ...process.env, OCRHUB_TEST_BROWSER: '1' },
});
process.exitCode = status ?? 1;
