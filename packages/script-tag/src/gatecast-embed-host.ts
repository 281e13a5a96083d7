// For pages without a bundler that have the embed page in an iframe. Loads no player.
export {
  connectEmbed,
  type ConnectEmbedOptions,
  type EmbedConnection,
  type EmbedProblem,
  type EmbedState,
} from '@gatecast/player/embed';
