import type { HandWrittenModule } from './hand-written-pages.js';
import { play as playBearerHeader } from './pages/bearer-header.js';
import { play as playCatHeader } from './pages/cat-header.js';
import { play as playCookieEntry } from './pages/cookie-entry.js';
import { play as playCookies } from './pages/cookies.js';
import { play as playJwtEntry } from './pages/jwt-entry.js';
import { play as playPathPrefix } from './pages/path-prefix.js';
import { play as playPathSegment } from './pages/path-segment.js';
import { play as playPolicyEntry } from './pages/policy-entry.js';
import { play as playQueryFields } from './pages/query-fields.js';
import { play as playSignedEntry } from './pages/signed-entry.js';
import { play as playTokenField } from './pages/token-field.js';
import type { SignedPage } from './play-signed.js';

/** Starts a page in a video. Returns a function that ends it. */
export type PlayByHand = (video: HTMLVideoElement, page: SignedPage) => () => void;

/** The hand-written pages by module. */
export const playByHand: Readonly<Record<HandWrittenModule, PlayByHand>> = {
  'bearer-header': playBearerHeader,
  'cat-header': playCatHeader,
  'cookie-entry': playCookieEntry,
  cookies: playCookies,
  'jwt-entry': playJwtEntry,
  'path-prefix': playPathPrefix,
  'path-segment': playPathSegment,
  'policy-entry': playPolicyEntry,
  'query-fields': playQueryFields,
  'signed-entry': playSignedEntry,
  'token-field': playTokenField,
};
