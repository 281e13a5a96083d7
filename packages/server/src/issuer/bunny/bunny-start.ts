import type { IssuerStart } from '../issuer-start.js';

/** What `gatecast init` writes for this issuer. */
export const bunnyStart: IssuerStart = {
  title: 'Token authentication of bunny.net',
  values: [],
  playlist: '/live/{stream}/index.m3u8',
  secret: {
    file: 'secrets/bunny.key',
    make: null,
    where: 'bunny.net dashboard, the pull zone, Security, Token authentication: the key',
  },
  options: ({ folder }) => ({ securityKey: { file: 'secrets/bunny.key' }, tokenPath: folder }),
};
