/** The names in the header Server-Timing that the page translates. */
export type StageName = 'queue' | 'decode' | 'detect' | 'classify' | 'recognize' | 'total';
