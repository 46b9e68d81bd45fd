import type { Request } from 'express';
import { anyBody } from '../../body/read-body.js';
import type { Endpoint, ParsedRequest, Protocol } from '../../protocol.js';
import { toReply } from './answer.js';
import { toErrorReply, wrappedError, wrappedReply } from './errors.js';
import { metadataPages } from './metadata.js';
import { modelOf } from './model.js';
import { toOpenApi } from './openapi.js';
import { parseInfer, type InferRequest } from './request.js';
import { requestForm } from './infer-schema.js';

/**
 * The Open Inference Protocol of KServe and Triton, version 2, with the extension for binary tensors.
 *
 * @param wrapped PaddleX's protocol: its high-stability serving sends whole requests of it as a tensor named `input`
 */
export function kserve(wrapped: Protocol): Protocol {
  const [inner] = wrapped.endpoints;
  if (inner === undefined || !('toReply' in inner)) throw new Error('the wrapped protocol does not read pictures');
  // The requests of which the errors are written in the wrapped form.
  const wrappedRequests = new WeakMap<Request, InferRequest>();

  const endpointAt = (path: string): Endpoint => ({
    path,
    bodyTypes: [anyBody],
    moduleOf: ({ params, path: requested }, served) => modelOf(params, requested, served),
    async parse(body, request, fields) {
      const parsed = parseInfer(body, request);
      if (parsed.wrapped === undefined) return parsed;
      wrappedRequests.set(request, parsed);
      const innerRequest = await inner.parse(parsed.wrapped, request, fields);
      return { ...innerRequest, infer: parsed, inner: innerRequest };
    },
    async toReply(answer, asked) {
      const { parsed } = asked;
      if (!('inner' in parsed)) return toReply(answer, asked);
      const { infer, inner: innerRequest } = parsed as WrappedRequest;
      return wrappedReply(await inner.toReply(answer, { ...asked, parsed: innerRequest }), infer);
    },
  });

  return {
    requestForm,
    endpoints: ['/v2/models/:model/infer', '/v2/models/:model/versions/:version/infer'].map(endpointAt),
    pages: metadataPages,
    ownsPath: (path) => path === '/v2' || path.startsWith('/v2/'),
    toErrorReply(error, requestId, request) {
      const infer = wrappedRequests.get(request);
      return infer === undefined
        ? toErrorReply(error)
        : wrappedError(error, wrapped.toErrorReply(error, requestId, request), infer);
    },
    toOpenApi,
  };
}

/** A request of the wrapped protocol, with the one that it came in. */
interface WrappedRequest extends ParsedRequest {
  readonly infer: InferRequest;
  readonly inner: ParsedRequest;
}
