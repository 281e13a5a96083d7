import type { IssuerStart } from '../issuer-start.js';

/** What `gatecast init` writes for this issuer. */
export const akamaiEdgeauthStart: IssuerStart = {
  title: 'EdgeAuth 2.0 tokens of Akamai',
  values: [],
  playlist: '/live/{stream}/index.m3u8',
  secret: {
    file: 'secrets/akamai.key',
    make: null,
    where:
      'Property Manager, the behavior with token authentication: the encryption key, in hexadecimal digits',
  },
  options: ({ folder }) => ({ key: { file: 'secrets/akamai.key' }, acl: `${folder}*` }),
};
