import { types } from 'node:util';
import { createContext, Script } from 'node:vm';

/**
 * Calls a function of this thread, and stops it wherever it is when the time is over; code of WebAssembly too.
 *
 * @throws TimeOver
 */
export function callWithin<T>(seconds: number, call: () => T): T {
  let answer: { readonly value: T } | undefined;
  // What is thrown crosses to the context and back as it is.
  context['call'] = () => {
    answer = { value: call() };
  };
  try {
    script.runInContext(context, { timeout: Math.ceil(seconds * 1000) });
  } catch (error) {
    if (isTimeout(error)) throw new TimeOver();
    throw error;
  } finally {
    delete context['call'];
  }
  if (answer === undefined) throw new Error('the call did not end');
  return answer.value;
}

/** The call was stopped. What it worked on may be in any state. */
export class TimeOver extends Error {}

// The one way of Node to stop code of the same thread is a time limit for a script.
const context: Record<string, unknown> = createContext({});
const script = new Script('call()');

function isTimeout(error: unknown): boolean {
  // An Error of the script's own context.
  return types.isNativeError(error) && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
}
