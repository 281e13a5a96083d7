import { lazyPart, type Authorizer } from '@gatecast/token';
import { parseLinks } from '@gatecast/webrtc';
import type { EngineHost } from '../engine.js';
import { partRequest } from '../engine-part.js';
import type { ServerEvents } from './server-events.js';
import type { ServerSession } from './server-session.js';
import { eventTokens } from './session-tokens.js';
import type { WhepOptions } from './whep-options.js';

/** What a server tells about a session besides media. */
export interface ServerChannel {
  /** Facts for `diagnostics()`. */
  readonly details: Readonly<Record<string, unknown>>;
  /** Asks for a layer. Returns `false` if the server offers no choice. @throws RangeError for an index that no layer has. */
  choose(index: number | 'auto'): boolean;
  /** Layers are not offered from then on. */
  stop(): void;
}

const EXTENSION = 'urn:ietf:params:whep:ext:core:';

/** Few servers have events. */
const eventsPart = lazyPart('ServerEvents', async () => (await import('./server-events.js')).ServerEvents);

/**
 * Follows the events of a session, if the server offers them at an address that may receive the token.
 *
 * @returns `null` if it does not.
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-wish-whep-01 (section 4.9)
 */
export function followServer(
  host: EngineHost<WhepOptions>,
  authorizer: Authorizer,
  server: ServerSession,
): ServerChannel | null {
  const links = parseLinks(server.created.headers.get('Link'));
  const addressOf = (name: string): string | null => {
    const link = links.find(({ relations }) => relations.includes(EXTENSION + name));
    const { baseUrl } = server.created;
    const url = link && URL.canParse(link.target, baseUrl) ? new URL(link.target, baseUrl).href : null;
    return url !== null && authorizer.isAllowed(url) ? authorizer.withoutTokens(url) : null;
  };
  const eventsUrl = addressOf('server-sent-events');
  if (eventsUrl === null) return null;
  const offered = links.find(({ relations }) => relations.includes(`${EXTENSION}server-sent-events`));
  const stopping = new AbortController();
  let events: ServerEvents | null = null;
  const part = partRequest(host);
  void eventsPart({ ...part, signal: stopping.signal }).then(
    (Events) => {
      events = new Events({
        ...server,
        eventsUrl,
        layerUrl: addressOf('layer'),
        offered: offered?.parameters.get('events') ?? '',
        tokens: eventTokens(authorizer, server.stream),
        host,
        signal: stopping.signal,
      });
      void events.run();
    },
    // Playback goes on without them.
    () => undefined,
  );
  return {
    get details() {
      return events?.details ?? {};
    },
    choose: (index) => events?.choose(index) ?? false,
    stop: () => {
      stopping.abort();
      events?.leave();
    },
  };
}
