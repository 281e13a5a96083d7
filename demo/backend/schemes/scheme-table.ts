import type { SchemeRow } from './scheme-row.js';

/** Audience of the tokens that the origin of `jwt-playlists` writes: those of the token endpoint are for the first playlist only. */
const originAudience = 'v-origin';

/** Each scheme that the media origin speaks. A new one is one more row. */
export const schemeTable: readonly SchemeRow[] = [
  {
    name: 'jwt',
    label: 'JWT in the query',
    way: 'request',
    carriers: { query: ['token'] },
    config: () => ({ type: 'jwt' }),
  },
  {
    name: 'jwt-header',
    label: 'JWT as a bearer token',
    way: 'request',
    carriers: { headers: ['authorization'] },
    config: () => ({ type: 'jwt' }),
    attributes: { 'token-placement': 'header' },
  },
  {
    name: 'jwt-playlists',
    label: 'JWT, written by the origin in playlists',
    way: 'playlists',
    carriers: { query: ['token'] },
    config: () => ({ type: 'jwt' }),
    childConfig: () => ({ type: 'jwt', audience: originAudience }),
  },
];

/** Finds a row by its name. */
export function findScheme(name: string): SchemeRow | undefined {
  return schemeTable.find((row) => row.name === name);
}
