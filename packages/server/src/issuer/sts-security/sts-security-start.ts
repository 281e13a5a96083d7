import type { IssuerStart } from '../issuer-start.js';

/** What `gatecast init` writes for this issuer. */
export const stsSecurityStart: IssuerStart = {
  title: 'Security objects of nanoStream (STS)',
  values: [],
  playlist: '/live/{stream}.m3u8',
  secret: {
    file: 'secrets/bintu.key',
    make: null,
    where: 'nanoStream dashboard: the API key of your organisation',
  },
  options: () => ({ apiKey: { file: 'secrets/bintu.key' } }),
};
