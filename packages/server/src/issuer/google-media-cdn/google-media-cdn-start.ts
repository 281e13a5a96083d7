import type { IssuerStart } from '../issuer-start.js';

/** What `gatecast init` writes for this issuer. */
export const googleMediaCdnStart: IssuerStart = {
  title: 'Signed requests of Google Media CDN',
  playlist: '/live/{stream}/index.m3u8',
  values: [{ name: 'keyName', where: 'Google Cloud console, Media CDN, Keysets: the name of the keyset' }],
  secret: {
    file: 'secrets/media-cdn.key',
    make: null,
    where: 'the Ed25519 private key (PEM, or its 32 bytes in base64) whose public key is in the keyset',
  },
  options: ({ origin, folder }) => ({
    key: { file: 'secrets/media-cdn.key' },
    urlPrefix: `${origin}${folder}`,
  }),
};
