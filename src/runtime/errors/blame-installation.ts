import { OcrHubError } from './error.js';

/**
 * Loads a package that ocrhub installs. If that fails, no module and no picture is the cause.
 *
 * @throws OcrHubError `installation_broken`
 */
export function blameInstallation<T>(name: string, load: () => T): T {
  try {
    return load();
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new OcrHubError('installation_broken', { name, problem: problem.trim() }, { cause: error });
  }
}
