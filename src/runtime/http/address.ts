import { Router } from 'express';
import { OcrHubError } from '../errors/error.js';
import { endpointHandler, type Candidate, type EndpointContext } from './endpoint.js';
import type { PathMethod, Protocol, Resource } from './protocol.js';
import { resourceHandler } from './resource.js';

/** What the protocols have at one address, by method. */
export type Address = ReadonlyMap<PathMethod, Handled>;

type Handled =
  /** Several protocols may have endpoints at one address. */
  | { readonly kind: 'endpoints'; readonly candidates: [Candidate, ...Candidate[]] }
  | { readonly kind: 'resource'; readonly protocol: Protocol; readonly resource: Resource };

/** The addresses of all protocols by Express's pattern. */
export function addressesOf(protocols: readonly Protocol[]): ReadonlyMap<string, Address> {
  const addresses = new Map<string, Map<PathMethod, Handled>>();
  const at = (path: string): Map<PathMethod, Handled> => {
    const address = addresses.get(path) ?? new Map<PathMethod, Handled>();
    addresses.set(path, address);
    return address;
  };
  for (const protocol of protocols) {
    for (const endpoint of protocol.endpoints) {
      const { method = 'post', path } = endpoint;
      const candidate = { protocol, endpoint };
      const before = at(path).get(method);
      if (before?.kind === 'endpoints') before.candidates.push(candidate);
      else at(path).set(method, { kind: 'endpoints', candidates: [candidate] });
    }
    for (const resource of protocol.resources ?? []) {
      at(resource.path).set(resource.method, { kind: 'resource', protocol, resource });
    }
  }
  return addresses;
}

/** The route of one address. It refuses the methods that the address does not have. */
export function addressRoute(path: string, address: Address, context: EndpointContext): Router {
  const router = Router({ strict: true });
  for (const [method, handled] of address) {
    const handler =
      handled.kind === 'endpoints'
        ? endpointHandler(handled.candidates, context)
        : resourceHandler(handled.protocol, handled.resource, context);
    router[method](path, handler);
  }
  const methods = [...address.keys()].map((method) => method.toUpperCase());
  const allowed = [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
  router.all(path, (request, response) => {
    if (request.method !== 'OPTIONS') {
      throw new OcrHubError('method_not_allowed', {
        method: request.method,
        path: request.baseUrl + request.path,
        allowed,
      });
    }
    response.set('Allow', allowed).status(200).end();
  });
  return router;
}
