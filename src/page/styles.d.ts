/** esbuild writes style sheets beside the script. */
declare module '*.css';
