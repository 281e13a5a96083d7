import type { SchemeConfig, SchemeRow } from './scheme-row.js';

/** Audience of the tokens that the origin of `jwt-playlists` writes: those of the token endpoint are for the first playlist only. */
const originAudience = 'v-origin';

const cloudfront = {
  type: 'cloudfront',
  keyPairId: 'K2JCJMDEHXQW5F',
  privateKey: { env: 'CLOUDFRONT_PRIVATE_KEY' },
};

const akamai = { type: 'akamai-edgeauth', key: { env: 'AKAMAI_KEY' } };

const google = { type: 'google-media-cdn', key: { env: 'MEDIA_CDN_KEY' } };
const bunny = { type: 'bunny', securityKey: { env: 'BUNNY_KEY' } };
const ovenMediaEngine = { type: 'oven-media-engine', secretKey: { env: 'OME_SECRET_KEY' } };
const uriSigning = { type: 'uri-signing', key: { env: 'URI_SIGNING_KEY' }, issuer: 'gatecast-demo' };
/** Field and cookie of RFC 9246. */
const SIGNING_PACKAGE = 'URISigningPackage';
const secureLink = { type: 'secure-link', secret: { env: 'LINK_SECRET' } };

/** Each scheme that the media origin speaks. A new one is one more row. */
export const schemeTable: readonly SchemeRow[] = [
  {
    name: 'jwt',
    label: 'JWT in the query',
    way: 'request',
    carriers: { query: ['token'] },
    config: () => ({ type: 'jwt' }),
  },
  {
    name: 'jwt-header',
    label: 'JWT as a bearer token',
    way: 'request',
    carriers: { headers: ['authorization'] },
    config: () => ({ type: 'jwt' }),
    attributes: { 'token-placement': 'header' },
  },
  {
    name: 'jwt-playlists',
    label: 'JWT, written by the origin in playlists',
    way: 'playlists',
    carriers: { query: ['token'] },
    config: () => ({ type: 'jwt' }),
    childConfig: () => ({ type: 'jwt', audience: originAudience }),
  },
  {
    name: 'cloudfront',
    label: 'CloudFront, custom policy',
    way: 'request',
    carriers: { query: ['Policy', 'Signature', 'Key-Pair-Id'] },
    config: (root) => ({ ...cloudfront, resource: `${root}/{stream}/*` }),
  },
  {
    name: 'cloudfront-cookies',
    label: 'CloudFront, signed cookies',
    way: 'request',
    carriers: { cookies: ['Policy', 'Signature', 'Key-Pair-Id'].map((name) => `CloudFront-${name}`) },
    config: (root) => ({
      ...cloudfront,
      placement: 'cookie',
      resource: `${root}/{stream}/*`,
      cookie: { path: `${pathOf(root)}/{stream}/`, secure: false },
    }),
    attributes: { 'token-credentials': 'include' },
  },
  {
    name: 'cloudfront-canned',
    label: 'CloudFront, canned policy',
    way: 'playlists',
    carriers: { query: ['Expires', 'Signature', 'Key-Pair-Id'] },
    config: (root) => ({ ...cloudfront, policy: 'canned', url: `${root}/{stream}/index.m3u8` }),
    childConfig: (root, file) => ({ ...cloudfront, policy: 'canned', url: `${root}/{stream}/${file}` }),
    namesEntry: true,
  },
  {
    name: 'akamai',
    label: 'Akamai EdgeAuth 2.0',
    way: 'request',
    carriers: { query: ['hdnts'] },
    config: (root) => ({ ...akamai, acl: `${pathOf(root)}/{stream}/*` }),
  },
  {
    name: 'akamai-cookie',
    label: 'Akamai EdgeAuth 2.0, cookie',
    way: 'request',
    carriers: { cookies: ['hdnts'] },
    config: (root) => ({
      ...akamai,
      acl: `${pathOf(root)}/{stream}/*`,
      placement: 'cookie',
      cookie: { path: `${pathOf(root)}/{stream}/`, secure: false },
    }),
    attributes: { 'token-credentials': 'include' },
  },
  {
    name: 'akamai-short-to-long',
    label: 'Akamai EdgeAuth 2.0, short to long token',
    way: 'playlists',
    carriers: { query: ['hdnts', 'hdntl'] },
    config: (root) => ({ ...akamai, url: `${root}/{stream}/index.m3u8` }),
    childConfig: (root) => ({ ...akamai, tokenName: 'hdntl', acl: `${pathOf(root)}/{stream}/*` }),
    namesEntry: true,
  },
  {
    name: 'cloudflare-stream',
    label: 'Cloudflare Stream',
    way: 'request',
    carriers: { path: 'segment' },
    entry: '{stream}/manifest/video.m3u8',
    config: (root) => ({
      type: 'cloudflare-stream',
      keyId: '8f926b2b01f38351700125a78a4dcbf6',
      privateKey: { env: 'CLOUDFLARE_STREAM_KEY' },
      url: `${root}/{stream}/manifest/video.m3u8`,
    }),
    namesEntry: true,
  },
  {
    name: 'mux',
    label: 'Mux',
    way: 'request',
    carriers: { query: ['token'] },
    entry: '{stream}.m3u8',
    config: (root) => ({
      type: 'mux',
      keyId: 'MUX_SIGNING_KEY',
      keySecret: { env: 'MUX_PRIVATE_KEY' },
      url: `${root}/{stream}.m3u8`,
    }),
  },
  {
    name: 'google-media-cdn',
    label: 'Google Media CDN, signed prefix',
    way: 'request',
    carriers: { query: ['URLPrefix', 'Expires', 'KeyName', 'Signature'] },
    config: (root) => ({ ...google, keyName: 'demo-keyset', urlPrefix: `${root}/{stream}/` }),
  },
  {
    name: 'google-dual-token',
    label: 'Google Media CDN, dual token',
    way: 'playlists',
    carriers: { query: ['edge-cache-token'] },
    config: (root) => ({ ...google, authentication: 'token', url: `${root}/{stream}/index.m3u8` }),
    childConfig: (root) => ({ ...google, authentication: 'token', pathGlobs: `${pathOf(root)}/{stream}/*` }),
    namesEntry: true,
  },
  {
    name: 'bunny',
    label: 'Bunny, directory token in the path',
    way: 'request',
    carriers: { path: 'prefix' },
    config: (root) => ({ ...bunny, tokenPath: `${pathOf(root)}/{stream}/` }),
  },
  {
    name: 'bunny-query',
    label: 'Bunny, directory token in the query',
    way: 'request',
    carriers: { query: ['token', 'token_path', 'expires'] },
    config: (root) => ({ ...bunny, placement: 'query', tokenPath: `${pathOf(root)}/{stream}/` }),
  },
  {
    name: 'oven-media-engine',
    label: 'OvenMediaEngine signed policy',
    way: 'playlists',
    carriers: { query: ['policy', 'signature'] },
    config: (root) => ({ ...ovenMediaEngine, url: `${root}/{stream}/index.m3u8` }),
    childConfig: (root, file) => ({ ...ovenMediaEngine, url: `${root}/{stream}/${file}` }),
    namesEntry: true,
  },
  {
    name: 'common-access-token',
    label: 'Common Access Token, renewed by the CDN',
    way: 'renewed',
    carriers: { headers: ['cta-common-access-token'] },
    config: (root, ttlSeconds = 60) => catConfig(root, ttlSeconds, { type: 'header' }),
    renew: ({ issued: { headers = {} } }) => headers,
  },
  {
    name: 'common-access-token-redirect',
    label: 'Common Access Token, renewed by redirects',
    way: 'renewed',
    carriers: { query: ['CAT'] },
    config: (root, ttlSeconds = 60) => ({
      ...catConfig(root, ttlSeconds, { type: 'redirect', code: 302 }),
      placement: 'query',
    }),
    renew: ({ issued: { query = {} }, url }) => ({
      Location: url.replace(/([?&]CAT=)[^&]*/, (_, name: string) => name + (query['CAT'] ?? '')),
    }),
  },
  {
    name: 'uri-signing',
    label: 'URI Signing (RFC 9246)',
    way: 'request',
    carriers: { query: [SIGNING_PACKAGE] },
    config: (root) => ({
      ...uriSigning,
      path: `${pathOf(root)}/{stream}/`,
      url: `${root}/{stream}/index.m3u8`,
    }),
    namesEntry: true,
  },
  {
    name: 'uri-signing-cookie',
    label: 'URI Signing (RFC 9246), renewed by the CDN',
    way: 'renewed',
    carriers: { query: [SIGNING_PACKAGE], cookies: [SIGNING_PACKAGE] },
    config: (root, ttlSeconds = 60) => ({
      ...uriSigning,
      path: `${pathOf(root)}/{stream}/`,
      url: `${root}/{stream}/index.m3u8`,
      ttlSeconds,
      renewalSeconds: ttlSeconds,
    }),
    renewsFirst: true,
    renew: ({ issued, folder }) => {
      const value = new URL(issued.url ?? '').searchParams.get(SIGNING_PACKAGE) ?? '';
      return { 'Set-Cookie': `${SIGNING_PACKAGE}=${value}; Path=${folder}; HttpOnly; SameSite=Lax` };
    },
    namesEntry: true,
  },
  {
    name: 'nginx-secure-link',
    label: 'nginx secure_link',
    way: 'request',
    carriers: { query: ['md5', 'expires'] },
    config: (root) => ({ ...secureLink, preset: 'nginx', path: `${pathOf(root)}/{stream}/` }),
  },
  {
    name: 'wowza',
    label: 'Wowza SecureToken',
    way: 'request',
    carriers: { query: ['wowzatokenendtime', 'wowzatokenhash'] },
    entry: '{stream}/playlist.m3u8',
    config: (root) => ({ ...secureLink, preset: 'wowza', path: `${pathOf(root)}/{stream}/` }),
  },
  {
    name: 'flussonic',
    label: 'Flussonic securetoken',
    way: 'request',
    carriers: { query: ['token'] },
    config: (root) => ({
      ...secureLink,
      preset: 'flussonic',
      path: `${pathOf(root)}/{stream}/`,
      clientIp: false,
    }),
  },
];

/** A token that the origin renews from half of its life on. */
function catConfig(root: string, ttlSeconds: number, renewal: object): SchemeConfig {
  return {
    type: 'common-access-token',
    key: { env: 'CAT_KEY' },
    keyId: 'demo',
    issuer: 'gatecast-demo',
    path: `${pathOf(root)}/{stream}/`,
    ttlSeconds,
    renewal: { ...renewal, expadd: ttlSeconds, deadline: Math.ceil(ttlSeconds / 2) },
  };
}

/** Path of the origin of a scheme. */
function pathOf(root: string): string {
  return new URL(root).pathname;
}

/** Finds a row by its name. */
export function findScheme(name: string): SchemeRow | undefined {
  return schemeTable.find((row) => row.name === name);
}
