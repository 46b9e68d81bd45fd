export interface HttpOptions {
  /** Largest request body in bytes. */
  readonly maxBody: number;
  /** Answers HTTP 200 where HubServing does; `status` in the body tells. */
  readonly httpStatus200: boolean;
  /** Requests to /predict must carry `Authorization: Bearer <token>`; undefined: anybody may ask. */
  readonly token: () => string | undefined;
}
