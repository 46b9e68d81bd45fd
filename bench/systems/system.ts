/** Something that reads pictures in a process of its own. */
export interface System {
  readonly name: string;
  readonly isOurs: boolean;
  /**
   * Installs what it needs and answers the command of its process.
   *
   * @throws Error that says why it cannot be had here.
   */
  bring(): readonly string[];
}
