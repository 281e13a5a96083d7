import { textKey, type IssuerStart } from '../issuer-start.js';

/** What `gatecast init` writes for this issuer. */
export const secureLinkStart: IssuerStart = {
  title: 'Hash links of nginx, Wowza, Flussonic or Nimble',
  playlist: '/live/{stream}/index.m3u8',
  values: [{ name: 'preset', where: 'the server: nginx, wowza, flussonic or nimble', fallback: 'nginx' }],
  secret: {
    file: 'secrets/secure-link.secret',
    make: textKey,
    where: 'Set the same secret in your media server.',
  },
  options: ({ folder }) => ({ secret: { file: 'secrets/secure-link.secret' }, path: folder }),
};
