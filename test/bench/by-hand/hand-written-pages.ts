/** A page that a team writes with hls.js alone. */
export interface HandWrittenPage {
  /** Module in `pages`, without its ending. */
  readonly module: HandWrittenModule;
  /** What the page does not do and the player does. Shown in the documentation. */
  readonly leavesOut: string;
}

export type HandWrittenModule =
  | 'bearer-header'
  | 'cat-header'
  | 'cookie-entry'
  | 'cookies'
  | 'jwt-entry'
  | 'path-prefix'
  | 'path-segment'
  | 'policy-entry'
  | 'query-fields'
  | 'signed-entry'
  | 'token-field';

const eachRequest =
  'One CDN only. Nothing for iPhones without Managed Media Source. The same pause after each failed token request. No error is shown.';

const reloads =
  'Loads the source again before the addresses end, because hls.js cannot exchange them: the buffer is lost, the picture stops, a live ' +
  'stream starts at its live edge, and a rendition that the viewer has chosen is forgotten. Also: one CDN only, no error is shown.';

const asksAlways = `Does not use what the CDN renews: the backend is asked for each token. ${eachRequest}`;

const reloadsLate =
  'Loads the source again when the CDN refuses the cookie, for example after a pause: the buffer is lost, and the picture stops. Also: ' +
  'one CDN only, no error is shown.';

/** The page for each scheme of the demo, by name. Schemes that need the same code share a module. */
export const handWrittenPages: Readonly<Record<string, HandWrittenPage>> = {
  jwt: { module: 'token-field', leavesOut: eachRequest },
  'jwt-header': { module: 'bearer-header', leavesOut: eachRequest },
  'jwt-playlists': { module: 'jwt-entry', leavesOut: reloads },
  cloudfront: { module: 'query-fields', leavesOut: eachRequest },
  'cloudfront-cookies': { module: 'cookies', leavesOut: eachRequest },
  'cloudfront-canned': { module: 'signed-entry', leavesOut: reloads },
  akamai: { module: 'query-fields', leavesOut: eachRequest },
  'akamai-cookie': { module: 'cookies', leavesOut: eachRequest },
  'akamai-short-to-long': { module: 'signed-entry', leavesOut: reloads },
  'cloudflare-stream': { module: 'path-segment', leavesOut: eachRequest },
  mux: { module: 'token-field', leavesOut: eachRequest },
  'google-media-cdn': { module: 'query-fields', leavesOut: eachRequest },
  'google-dual-token': { module: 'signed-entry', leavesOut: reloads },
  bunny: { module: 'path-prefix', leavesOut: eachRequest },
  'bunny-query': { module: 'query-fields', leavesOut: eachRequest },
  'oven-media-engine': { module: 'policy-entry', leavesOut: reloads },
  'common-access-token': { module: 'cat-header', leavesOut: asksAlways },
  'common-access-token-redirect': { module: 'query-fields', leavesOut: asksAlways },
  'uri-signing': { module: 'query-fields', leavesOut: eachRequest },
  'uri-signing-cookie': { module: 'cookie-entry', leavesOut: reloadsLate },
  'nginx-secure-link': { module: 'query-fields', leavesOut: eachRequest },
  wowza: { module: 'query-fields', leavesOut: eachRequest },
  flussonic: { module: 'query-fields', leavesOut: eachRequest },
};
