// The entry of gatecast.js: defines both tags, and lets nothing come between the page and its first frame.
// First, so that requests are under way while the other modules run.
import '@gatecast/player/start';
import '@gatecast/player/define';
import type { PlayerMessages } from '@gatecast/player';
import { delay, systemClock, lazyPart, type TokenEndpointOptions, type TokenFunction } from '@gatecast/token';
import type { WebcasterMessages } from '@gatecast/webcaster';

/** What ends a player's start, one way or the other; the events do not bubble. */
const endsOfStart = ['loadeddata', 'secure-error'];
/** A player that does not begin by itself is not waited for. */
const START_LIMIT_MS = 3000;

async function startOfPlayers(): Promise<void> {
  const start = new AbortController();
  for (const type of endsOfStart)
    document.addEventListener(type, () => start.abort(), { capture: true, signal: start.signal });
  // Ended by its own signal when a player was faster.
  await delay(systemClock, START_LIMIT_MS, start.signal).catch(() => undefined);
  start.abort();
}

const restPart = lazyPart('rest', async () => (await import('./rest.js')).rest);

/** A page with the webcaster's tag gets it at once; any other when its players have their first picture. */
async function loadRest(): ReturnType<typeof restPart> {
  if (!document.querySelector('secure-webcaster') && document.querySelector('secure-player'))
    await startOfPlayers();
  return restPart();
}

export { allowVendorScripts, GatecastError } from '@gatecast/player';
export type * from '@gatecast/player';
export type {
  BroadcastState,
  BroadcastStats,
  SecureBroadcastCheckEvent,
  SecureBroadcastCountdownEvent,
  SecureBroadcastMediaEvent,
  SecureBroadcastOnAirEvent,
  SecureBroadcastStateEvent,
  SecureBroadcastStatsEvent,
  SecureDevicesChangedEvent,
  SecureSendingChangedEvent,
  SecureWebcaster,
  WebcasterMessages,
} from '@gatecast/webcaster';

const rest = loadRest();

/**
 * Sets the texts of the player's controls in a language, or some of them, as soon as there is a place for them.
 *
 * @param language - a language tag as in the attribute `lang`, for example `fr` or `de-AT`.
 */
export async function setPlayerMessages(language: string, messages: Partial<PlayerMessages>): Promise<void> {
  (await rest).setPlayerMessages(language, messages);
}

/**
 * Sets the texts of the webcaster's controls in a language, or some of them, as soon as there is a place for them.
 *
 * @param language - a language tag as in the attribute `lang`, for example `fr` or `de-AT`.
 */
export async function setWebcasterMessages(
  language: string,
  messages: Partial<WebcasterMessages>,
): Promise<void> {
  (await rest).setWebcasterMessages(language, messages);
}

const endpointPart = lazyPart(
  'tokenEndpoint',
  async () => (await import('./token-endpoint.js')).tokenEndpoint,
);

/**
 * Returns a function for `tokenSource` that asks an endpoint as it is: its method, headers, body and response are options.
 *
 * @example
 * ```ts
 * player.tokenSource = tokenEndpoint({ url: '/streams/{stream}/token', method: 'GET', map: 'data.playback.jwt' });
 * ```
 */
export function tokenEndpoint<Answer = unknown>(options: TokenEndpointOptions<Answer>): TokenFunction {
  const ask: TokenFunction = async (request, init) => (await endpointPart(init))(options)(request, init);
  // Known before its code is loaded.
  return Object.assign(ask, { perStream: !(options as TokenEndpointOptions | undefined)?.batch });
}
