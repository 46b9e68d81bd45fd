// Three servers behind nginx, HAProxy and Envoy while servers are killed and restarted, and the manifests of Kubernetes:
// npm run test:fleet
import { spawnSync } from 'node:child_process';

const { status } = spawnSync('npx', ['vitest', 'run', 'test/fleet'], {
  stdio: 'inherit',
  env: { ...process.env, OCRHUB_TEST_FLEET: '1' },
});
process.exitCode = status ?? 1;
