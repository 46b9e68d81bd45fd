/** How long a failure of the browser is waited for. Some launchers run as long as the browser does. */
const maxWaitMs = 2000;

/**
 * Opens an address in the user's browser.
 *
 * @returns why it was not opened, in a sentence; undefined if it was
 */
export async function openPage(url: string, env: NodeJS.ProcessEnv = process.env): Promise<string | undefined> {
  if (!hasDisplay(env)) return 'There is no display to open a browser on';
  // Loaded only here, because few starts need it.
  const { default: open } = await import('open');
  const launcher = await open(url);
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), maxWaitMs);
    const end = (problem: string | undefined): void => {
      clearTimeout(timer);
      resolve(problem);
    };
    launcher.once('error', ({ message }) => end(`The browser was not opened: ${message}`));
    launcher.once('exit', (code) => {
      end(code === 0 || code === null ? undefined : `No browser was opened: its launcher exited with ${code}`);
    });
  });
}

/** macOS and Windows always have one; so has Linux inside Windows (WSL). */
function hasDisplay({ DISPLAY = '', WAYLAND_DISPLAY = '', WSL_DISTRO_NAME = '' }: NodeJS.ProcessEnv): boolean {
  return process.platform !== 'linux' || [DISPLAY, WAYLAND_DISPLAY, WSL_DISTRO_NAME].some((name) => name !== '');
}
