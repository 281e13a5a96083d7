export { connectEmbed, EmbedConnection, type ConnectEmbedOptions } from './embed/connect-embed.js';
export {
  EmbedConnectedEvent,
  EmbedErrorEvent,
  EmbedStateEvent,
  EmbedTokenFailedEvent,
  EmbedTokenRefreshedEvent,
  type EmbedEventMap,
} from './embed/embed-events.js';
export type { EmbedProblem, EmbedSource, EmbedState } from './embed/embed-messages.js';
export type { EmbedConfig } from './embed/embed-settings.js';
export type { EmbedPlayer } from './embed/frame-player.js';
export { openEmbed, type FrameWindow, type OpenEmbedOptions } from './embed/open-embed.js';
