/** What all protocols of a server share. */
export interface HttpOptions {
  /** Largest request body in bytes. */
  readonly maxBody: number;
  /** Requests with pictures must carry `Authorization: Bearer <token>`; undefined: no token is needed. */
  readonly token: () => string | undefined;
}
