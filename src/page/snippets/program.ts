/** A request, as a program of the user makes it. */
export interface ProgramRequest {
  /** Of the module: http://127.0.0.1:8868/predict/ocr_system. */
  readonly url: string;
  readonly fileName: string;
  readonly fields: Readonly<Record<string, string>>;
  /** Whether the file has several pages: `results` of the answer has the first alone. */
  readonly isDocument: boolean;
  /** Whether the server asks for a token. */
  readonly needsToken: boolean;
}

/** Secrets are no part of a text that is copied: the program takes them from these environment variables. */
export const tokenVariable = 'OCRHUB_TOKEN';
export const passwordVariable = 'PDF_PASSWORD';

/** The fields in pairs; `isSecret` of the password of a PDF file. */
export function fieldsOf({ fields }: ProgramRequest): { name: string; value: string; isSecret: boolean }[] {
  return Object.entries(fields).map(([name, value]) => ({ name, value, isSecret: name === 'password' }));
}

/** The environment variables that the program needs. */
export function secretsOf(request: ProgramRequest): readonly string[] {
  const hasPassword = fieldsOf(request).some(({ isSecret }) => isSecret);
  return [...(request.needsToken ? [tokenVariable] : []), ...(hasPassword ? [passwordVariable] : [])];
}
