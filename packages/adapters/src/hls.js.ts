export { withTokens } from './hls/with-tokens.js';
export {
  createMediaLoader,
  mediaRequestOf,
  timeLimitsOf,
  type LoaderRun,
  type MediaLoaderClass,
  type MediaLoaderHost,
} from './hls/media-loader.js';
export { askPageHooks } from './hls/ask-page-hooks.js';
export type { PageHooks } from './hls/page-hooks.js';
