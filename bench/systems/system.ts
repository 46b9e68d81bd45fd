/** An OCR system that reads pictures in a process of its own. */
export interface System {
  readonly name: string;
  readonly isOurs: boolean;
  /**
   * Installs its packages and returns the command of its process.
   *
   * @throws Error with the reason if it cannot be installed here
   */
  install(): readonly string[];
}
