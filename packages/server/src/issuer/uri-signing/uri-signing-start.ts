import { textKey, type IssuerStart } from '../issuer-start.js';

/** A shared key as JWK: the tokens name it by `kid`. */
const jwk = () => JSON.stringify({ kty: 'oct', kid: 'key-1', alg: 'HS256', k: textKey() });

/** What `gatecast init` writes for this issuer. */
export const uriSigningStart: IssuerStart = {
  title: 'URI Signing for CDNI (RFC 9246)',
  playlist: '/live/{stream}/index.m3u8',
  values: [{ name: 'issuer', where: 'the name by which the CDN finds the key', fallback: 'gatecast' }],
  secret: {
    file: 'secrets/uri-signing.jwk',
    make: jwk,
    where: 'Set the same key in the CDN.',
  },
  options: ({ playlist, folder }) => ({
    key: { file: 'secrets/uri-signing.jwk' },
    path: folder,
    url: playlist,
  }),
};
