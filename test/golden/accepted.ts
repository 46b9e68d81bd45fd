/**
 * Where this program answers otherwise than the original on purpose. From the named stage on the picture is not
 * compared; the conformance test fails when the difference has gone, so that the list stays true.
 */
export const acceptedDifferences: Readonly<Record<string, { readonly stage: string; readonly reason: string }>> = {};
