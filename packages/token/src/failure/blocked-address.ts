import { GatecastError } from '../errors.js';

/** What the page knows of itself and of its permissions. */
export interface PageFacts {
  /** Address of the page. */
  readonly href: string;
  readonly isSecureContext: boolean;
  readonly permissions?: Pick<Permissions, 'query'> | undefined;
}

/** Where an address leads, as far as its host shows. A name that resolves to a private address is `public` here. */
export type AddressSpace = 'loopback' | 'local' | 'public';

/**
 * Names of the permission, the newest first. Chrome 142 has the last one.
 *
 * @see https://wicg.github.io/local-network-access/
 */
const PERMISSIONS = {
  loopback: ['loopback-network', 'local-network-access'],
  local: ['local-network', 'local-network-access'],
};

const MIXED = 'Browsers block http: on an https: page (mixed content). Use an https: address.';
const INSECURE =
  'The browser lets only secure pages use addresses of the local network. Serve the page by https, or use a public address.';
const DENIED =
  'The browser does not let this page use the local network. Allow it in the settings of the site, and in a frame with allow="local-network-access".';
const UNDECIDED =
  'The browser asks the viewer before a page may use the local network, and the viewer has not allowed it yet.';

/**
 * The error with the reason why the browser blocks the address; the same error if there is no such reason.
 *
 * @param url - address of the request, relative to the page.
 */
export async function explainBlocked<E>(
  error: E,
  url: string,
  page: PageFacts | null = currentPage(),
): Promise<E | GatecastError> {
  if (!page || !(error instanceof GatecastError) || !/-(?:unreachable|timeout)$/.test(error.code))
    return error;
  const reason = await blockedBecause(new URL(url, page.href), page);
  if (!reason) return error;
  const { code, message, retryable, status, retryAfterMs, vendorCode, cause } = error;
  const hint = `${reason} If that is not the cause: ${error.hint}`;
  return new GatecastError(code, message, { hint, retryable, status, retryAfterMs, vendorCode, cause });
}

async function blockedBecause(target: URL, page: PageFacts): Promise<string | null> {
  const origin = new URL(page.href);
  if (target.origin === origin.origin) return null;
  const space = addressSpace(target.hostname);
  // Browsers trust addresses of the own device like https.
  const isMixed = origin.protocol === 'https:' && target.protocol === 'http:' && space !== 'loopback';
  const pageSpace = addressSpace(origin.hostname);
  const isOwnNetwork = pageSpace === 'loopback' || pageSpace === space;
  const state = space === 'public' || isOwnNetwork ? null : await permissionState(page, space);
  // With the permission, browsers that have it also allow http: there.
  if (state === 'granted') return null;
  if (state === null) return isMixed ? MIXED : null;
  if (!page.isSecureContext) return INSECURE;
  return state === 'denied' ? DENIED : UNDECIDED;
}

/** `null` in a browser without this permission. */
async function permissionState(
  { permissions }: PageFacts,
  space: 'loopback' | 'local',
): Promise<PermissionState | null> {
  for (const name of PERMISSIONS[space]) {
    try {
      const status = await permissions?.query({ name: name as PermissionName });
      if (status) return status.state;
    } catch {
      // The browser does not know the name.
    }
  }
  return null;
}

/** @param hostname - as `URL` writes it: an IPv4 address in four decimal numbers, an IPv6 address in brackets. */
export function addressSpace(hostname: string): AddressSpace {
  const host = mappedIpv4(hostname) ?? hostname;
  if (/^127\.\d+\.\d+\.\d+$|(?:^|\.)localhost\.?$|^\[::1\]$/.test(host)) return 'loopback';
  if (/\.local\.?$/.test(host)) return 'local';
  // RFC 1918, RFC 6598 and link-local.
  if (
    /^(?:10|192\.168|169\.254|172\.(?:1[6-9]|2\d|3[01])|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7]))(?:\.\d+)+$/.test(
      host,
    )
  )
    return 'local';
  // Unique local and link-local IPv6 addresses.
  return /^\[f(?:[cd]|e[89ab])/.test(host) ? 'local' : 'public';
}

/** The IPv4 address in `[::ffff:c0a8:1]`. */
function mappedIpv4(hostname: string): string | null {
  const [, high, low] = /^\[::ffff:([\da-f]+):([\da-f]+)\]$/.exec(hostname) ?? [];
  if (!high || !low) return null;
  return [high, low]
    .map((part) => parseInt(part, 16))
    .flatMap((part) => [part >> 8, part & 255])
    .join('.');
}

function currentPage(): PageFacts | null {
  const { location, isSecureContext, navigator } = globalThis as Partial<typeof globalThis>;
  if (!location) return null;
  return {
    href: location.href,
    isSecureContext: isSecureContext === true,
    permissions: navigator?.permissions,
  };
}
