import { z } from './schema.js';
import type { Home } from './settings.js';

/** What a user may set once for all commands. */
const userDefaults = z.object({
  port: z.int().optional(),
  host: z.string().optional(),
  workers: z.int().optional(),
});

export type UserDefaults = z.output<typeof userDefaults>;

/** The user's own defaults, from `config.json` in the home folder. */
export async function readUserDefaults(home: Home): Promise<UserDefaults> {
  const { default: Conf } = await import('conf');
  const store = new Conf({ cwd: home.root, configName: 'config' });
  return userDefaults.parse(store.store);
}
