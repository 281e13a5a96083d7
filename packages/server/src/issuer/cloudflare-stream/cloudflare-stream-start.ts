import type { IssuerStart } from '../issuer-start.js';

/** What `gatecast init` writes for this issuer. */
export const cloudflareStreamStart: IssuerStart = {
  title: 'Signed tokens of Cloudflare Stream',
  playlist: '/{stream}/manifest/video.m3u8',
  values: [{ name: 'keyId', where: 'the id in the response of POST /accounts/<id>/stream/keys' }],
  secret: {
    file: 'secrets/cloudflare.key',
    make: null,
    where: 'the member "pem" or "jwk" in the same response, as it is there',
  },
  options: () => ({ privateKey: { file: 'secrets/cloudflare.key' } }),
};
