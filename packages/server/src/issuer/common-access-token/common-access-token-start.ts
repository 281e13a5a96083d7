import { hexKey, type IssuerStart } from '../issuer-start.js';

/** What `gatecast init` writes for this issuer. */
export const commonAccessTokenStart: IssuerStart = {
  title: 'Common Access Tokens (CTA-5007)',
  playlist: '/live/{stream}/index.m3u8',
  values: [{ name: 'keyId', where: 'the name by which the CDN finds the key', fallback: 'key-1' }],
  secret: {
    file: 'secrets/common-access-token.key',
    make: hexKey,
    where: 'Set the same key in the CDN, with its name.',
  },
  options: ({ folder }) => ({ key: { file: 'secrets/common-access-token.key' }, path: folder }),
};
