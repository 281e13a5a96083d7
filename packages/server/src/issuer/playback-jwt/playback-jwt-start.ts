import type { IssuerStart } from '../issuer-start.js';

/** What `gatecast init` writes for this issuer. */
export const playbackJwtStart: IssuerStart = {
  title: 'Playback JWTs of nanoStream',
  values: [],
  playlist: '/live/{stream}.m3u8',
  secret: {
    file: 'secrets/bintu.token',
    make: null,
    where: 'nanoStream dashboard: the access token of your organisation',
  },
  options: () => ({ bintuToken: { file: 'secrets/bintu.token' } }),
};
