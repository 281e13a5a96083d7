import {
  createTokenVerifier,
  type IssuedToken,
  issuerTypes,
  readRequestToken,
  type TokenIssuer,
} from '@gatecast/server';
import type { SchemeCheck, SchemeConfig, SchemeContext } from './scheme-row.js';

function typeOf({ type }: SchemeConfig): (typeof issuerTypes)[number] {
  const found = issuerTypes.find((each) => each.type === type);
  if (!found) throw new TypeError(`There is no issuer with the type "${type}".`);
  return found;
}

/** The issuer of a configuration, as `gatecast serve` creates it. */
export function createSchemeIssuer(config: SchemeConfig, context: SchemeContext): TokenIssuer {
  return typeOf(config).create(config, context);
}

/** The check of the issuer’s own scheme. JWTs are checked with the public keys of the demo. */
export const ownCheck: SchemeCheck = async (request, { config, context, stream, nowMs }) => {
  const { scheme } = typeOf(config);
  if (scheme) return scheme.verify(request, config, context, nowMs);
  const { audience } = config;
  const verifier = createTokenVerifier({
    keys: context.keys,
    kind: 'playback',
    now: () => nowMs,
    ...(typeof audience === 'string' && { audience }),
  });
  const { expiresAtMs } = await verifier.verify(readRequestToken(request), { stream, request });
  return { expiresAt: expiresAtMs / 1000 };
};

/** Writes a token into an address of a playlist, as the origins of its scheme do. */
export function signAddress(address: string, { url, query, path, token }: IssuedToken): string {
  if (url !== undefined) return url;
  const fields = Object.entries(query ?? (token === undefined ? {} : { token }));
  const { origin } = new URL(address);
  const prefixed =
    path === undefined ? address : origin + path.replace(/\/$/, '') + address.slice(origin.length);
  if (fields.length === 0) return prefixed;
  const pairs = fields.map(([name, value]) => `${name}=${value}`).join('&');
  return `${prefixed}${prefixed.includes('?') ? '&' : '?'}${pairs}`;
}
