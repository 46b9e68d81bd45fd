import { useEffect, useState } from 'preact/hooks';
import type { Description } from './description.js';
import { toProblem, type Problem } from './problem.js';
import { describe } from './server.js';

export interface DescriptionState {
  /** Undefined until the server has answered. */
  readonly found: Description | undefined;
  readonly problem: Problem | undefined;
  readonly retry: () => void;
}

/** What the server serves. */
export function useDescription(): DescriptionState {
  const [attempt, setAttempt] = useState(0);
  const [found, setFound] = useState<Description>();
  const [problem, setProblem] = useState<Problem>();
  useEffect(() => {
    setProblem(undefined);
    describe().then(setFound, (error: unknown) => setProblem(toProblem(error)));
  }, [attempt]);
  return { found, problem, retry: () => setAttempt(attempt + 1) };
}
