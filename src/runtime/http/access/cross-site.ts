import type { Request } from 'express';
import { OcrHubError } from '../../errors/error.js';
import { clientView } from './forwarded.js';

/**
 * Refuses what a page of another origin sends without asking first. A browser sends a form, or a request of these content types,
 * to any server, and does not let the page read the answer; the work would be done nevertheless, also on a server behind a
 * firewall. All other requests need a preflight, which the server answers for listed origins only (cors.ts).
 *
 * Programs other than browsers send neither of the two headers, and are not refused.
 *
 * @param origins those of the option cors
 * @throws OcrHubError `cross_site_refused`
 */
export function createCrossSiteCheck(origins: readonly string[]): (request: Request) => void {
  return (request) => {
    if (safeMethods.includes(request.method) || !isSimple(request.get('content-type'))) return;
    const origin = request.get('origin');
    if (origins.includes('*') || (origin !== undefined && origins.includes(origin))) return;
    const site = request.get('sec-fetch-site');
    const isOwn = site === undefined ? isSameOrigin(request, origin) : site === 'same-origin' || site === 'none';
    if (!isOwn) throw new OcrHubError('cross_site_refused', { origin: origin ?? site ?? '' });
  };
}

const safeMethods = ['GET', 'HEAD', 'OPTIONS'];

/** Whether a browser sends this type without a preflight. A body without a type counts too. */
function isSimple(type = ''): boolean {
  const [essence = ''] = type.split(';');
  return ['', 'multipart/form-data', 'application/x-www-form-urlencoded', 'text/plain'].includes(
    essence.trim().toLowerCase(),
  );
}

/** Older browsers, and all of them on pages without TLS, say the origin alone. The scheme may differ behind a proxy. */
function isSameOrigin(request: Request, origin: string | undefined): boolean {
  if (origin === undefined) return true;
  if (!URL.canParse(origin)) return false;
  const { host } = new URL(origin);
  return host !== '' && [request.get('host'), clientView(request).host].includes(host);
}
