import { row } from '../row.js';

/** Jobs, their results and uploaded files, which a server keeps for a while. */
export const jobErrors = {
  job_unknown: row<{ what: 'job' | 'file' | 'result' | 'batch'; id: string }>({
    kind: 'not_found',
    message: (d) => `There is no ${d.what} ${d.id}`,
    hint: () => 'It may have expired: --keep_jobs of the server says how long jobs and files are kept.',
  }),
  job_unfinished: row<{ id: string }>({
    kind: 'not_found',
    message: (d) => `The job ${d.id} has no result yet`,
    hint: () => 'Ask for the state of the job first.',
  }),
  job_interrupted: row<{ times: number }>({
    kind: 'unavailable',
    message: (d) => `The server was stopped ${d.times} times while it worked on this job`,
    hint: () => 'Send it again, with fewer or smaller pictures.',
  }),
  job_input_lost: row<{ part: string }>({
    kind: 'unavailable',
    message: (d) => `What was sent with this job cannot be read any more: ${d.part} was removed or damaged`,
    hint: () => 'Send it again.',
  }),
  jobs_full: row<{ limit: number; what: 'items' | 'bytes' }>({
    kind: 'overloaded',
    message: (d) => `The server keeps ${d.limit} ${d.what} of jobs and files already, which is its limit`,
    hint: (d) =>
      `Try again later, or start the server with a higher ${d.what === 'items' ? '--max_jobs' : '--max_jobs_size'}.`,
  }),
  jobs_unwritable: row<{ problem: string }>({
    kind: 'unavailable',
    message: (d) => `Jobs and files cannot be written now: ${d.problem}`,
    hint: () => 'Free space in the home folder of the server, or check its folder jobs, or the place of --store.',
  }),
  jobs_unreadable: row<{ problem: string }>({
    kind: 'unavailable',
    message: (d) => `Jobs and files cannot be read now: ${d.problem}`,
    hint: () => 'Ask again later; the server needs the place of --store.',
  }),
} as const;
