import { batchErrors } from './tables/batch.js';
import { clientErrors } from './tables/client.js';
import { homeErrors } from './tables/home.js';
import { jobErrors } from './tables/jobs.js';
import { modelErrors } from './tables/models.js';
import { pictureErrors } from './tables/pictures.js';
import { poolErrors } from './tables/pool.js';
import { registryErrors } from './tables/registry.js';
import { requestErrors } from './tables/requests.js';
import { serverErrors } from './tables/servers.js';
import { usageErrors } from './tables/usage.js';

/** Every error, by its code. The documentation lists them in this order. */
export const errorTable = {
  ...usageErrors,
  ...homeErrors,
  ...clientErrors,
  ...serverErrors,
  ...registryErrors,
  ...modelErrors,
  ...pictureErrors,
  ...requestErrors,
  ...poolErrors,
  ...batchErrors,
  ...jobErrors,
} as const;
