// Loaded before a program with --import: adds the seconds in the file CLOCK_FILE to the clock of the day, as somebody who sets it does.
// Timers and performance.now() go on as they do then.
import { readFileSync } from 'node:fs';

const RealDate = Date;
const file = process.env.CLOCK_FILE ?? '';

let offset = readOffset();
setInterval(() => (offset = readOffset()), 10).unref();

class SetDate extends RealDate {
  constructor(...args) {
    super(...(args.length === 0 ? [RealDate.now() + offset] : args));
  }
  static now() {
    return RealDate.now() + offset;
  }
}
Object.assign(globalThis, { Date: SetDate });

function readOffset() {
  try {
    return 1000 * Number(readFileSync(file, 'utf8'));
  } catch {
    return 0;
  }
}
