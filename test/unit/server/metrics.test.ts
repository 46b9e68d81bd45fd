import { expect, it } from 'vitest';
import { createMetrics } from '../../../src/runtime/server/metrics.js';
import type { Pool } from '../../../src/runtime/pool/pool.js';

it('the metrics report each process once, also in simultaneous scrapes', async () => {
  const info = [1, 2, 3].map(() => ({ pid: process.pid, state: 'idle', served: 0, failed: 0 }));
  const metrics = createMetrics(() => ({ state: 'ready', queued: 0, info: () => info }) as unknown as Pool);
  const answers = await Promise.all([metrics.text(), metrics.text(), metrics.text()]);
  for (const { text } of answers) {
    expect(text).toContain('ocrhub_processes{state="idle"} 3\n');
    expect(text.match(/^ocrhub_memory_bytes.*role="inference"/gm)).toHaveLength(1);
  }
});
