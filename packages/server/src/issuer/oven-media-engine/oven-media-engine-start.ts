import { textKey, type IssuerStart } from '../issuer-start.js';

/** What `gatecast init` writes for this issuer. */
export const ovenMediaEngineStart: IssuerStart = {
  title: 'Signed policies of OvenMediaEngine',
  values: [],
  playlist: '/app/{stream}/llhls.m3u8',
  secret: {
    file: 'secrets/oven-media-engine.secret',
    make: textKey,
    where: 'Set the same value as SecretKey in Server.xml.',
  },
  options: ({ playlist }) => ({
    secretKey: { file: 'secrets/oven-media-engine.secret' },
    url: playlist,
  }),
};
