export { withTokens, type HlsTokenOptions } from './hls/with-tokens.js';
export {
  createMediaLoader,
  mediaRequestOf,
  timeLimitsOf,
  type LoaderRun,
  type MediaLoaderClass,
  type MediaLoaderHost,
} from './hls/media-loader.js';
export { licenceSetup, licencesFor, type LicenceHost } from './hls/ask-licence.js';
export { askPageHooks } from './hls/ask-page-hooks.js';
export type { PageHooks } from './hls/page-hooks.js';
