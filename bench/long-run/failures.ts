/** What went wrong, printed at once: a run of hours need not end to tell it. */
export class Failures {
  readonly messages: string[] = [];

  add(message: string): void {
    this.messages.push(message);
    if (this.messages.length <= 100) console.log(`${new Date().toISOString()} ${message}`);
  }
}
