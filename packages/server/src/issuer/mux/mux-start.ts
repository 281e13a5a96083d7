import type { IssuerStart } from '../issuer-start.js';

/** What `gatecast init` writes for this issuer. */
export const muxStart: IssuerStart = {
  title: 'Signed playback of Mux',
  playlist: '/{stream}.m3u8',
  values: [{ name: 'keyId', where: 'Mux dashboard, Settings, Signing keys: the key id' }],
  secret: {
    file: 'secrets/mux.key',
    make: null,
    where: 'Mux dashboard, Settings, Signing keys: the base64 private key, which is shown once',
  },
  options: () => ({ keySecret: { file: 'secrets/mux.key' } }),
};
