import type { IssuerStart } from '../issuer-start.js';

/** What `gatecast init` writes for this issuer. */
export const jwtStart: IssuerStart = {
  title: 'JWT signed by your own key (an origin with signing keys)',
  values: [],
  playlist: '/live/{stream}.m3u8',
  secret: null,
  // Without an id, two tokens of the same second are equal, and a player that was refused gets the same one again.
  options: () => ({ include: ['jti'] }),
};
