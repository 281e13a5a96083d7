import { Hono } from 'hono';
import type { Context } from 'hono';
import { VIDEO_CODECS } from '../codecs/video-codec.js';
import type { VideoCodec } from '../codecs/video-codec.js';
import { addEventRoutes, eventsLink } from '../event-routes.js';
import { ICE_FRAGMENT_TYPE } from '../ice-fragment.js';
import {
  admitOffer,
  authorize,
  limitBody,
  MAX_DESCRIPTION_BYTES,
  mediaType,
  methodNotAllowed,
  patchIce,
  preflight,
  prepareRoutes,
  SDP_TYPE,
  sessionNotFound,
  unavailable,
} from '../session-http.js';
import type { VerifyToken } from '../session-http.js';
import { problemResponse, sessionProblem } from '../session-problem.js';
import type { SessionAccess } from '../token-verdict.js';
import { PUBLISHER_EVENTS } from './activity-meter.js';
import type { LiveChannel } from './live-channel.js';
import { PublisherRegistry } from './publisher-registry.js';
import type { PublisherRegistryOptions } from './publisher-registry.js';
import type { PublisherSession } from './publisher-session.js';
import { inspectOffer, isRefusal } from './sdp-offer.js';
import type { AcceptedOffer } from './sdp-offer.js';

export interface WhipIngestOptions extends PublisherRegistryOptions {
  readonly verify: VerifyToken;
  /** Whether a stream name is in use by another source. Publishing to it is rejected with status 409. */
  readonly isReserved?: (stream: string) => boolean;
}

/** WHIP ingest: HTTP routes, live streams, and functions that simulate failures. */
export interface WhipIngest {
  /** Serves `/:stream` and `/:stream/:session`; mount it at `/whip`. */
  readonly routes: Hono;
  /** Returns the channel of a stream. `undefined` if it has not started or was removed. */
  liveStream(name: string): LiveChannel | undefined;
  /** Ends the session of one publisher, or of all with `true`, without notifying them. Returns their number. */
  kill(stream: string | true): number;
  /** Rejects new sessions with status 503 until called with `undefined`. */
  refuse(refusal: { readonly retryAfterSeconds: number } | undefined): void;
  /** Checks the access of all publishers now: call it when one was ended. */
  recheck(): void;
  /** Accepts these video codecs only, until called with `undefined`. Present sessions go on. */
  setCodecs(codecs: readonly VideoCodec[] | undefined): void;
  /** Ends all sessions and streams. */
  close(): void;
}

/** Named as in WHEP's extension; RFC 9725 has server-sent events in its example of one. */
const EVENTS_RELATION = 'urn:ietf:params:whip:ext:core:server-sent-events';
const MAX_FRAGMENT_BYTES = 16 * 1024;

/**
 * Creates a WHIP ingest that serves broadcasts as low-latency HLS.
 * @see https://www.rfc-editor.org/rfc/rfc9725
 */
export function createWhipIngest(options: WhipIngestOptions): WhipIngest {
  const publishers = new PublisherRegistry(options);
  let refusal: { readonly retryAfterSeconds: number } | undefined;
  let codecs: readonly VideoCodec[] = VIDEO_CODECS;

  const app = new Hono();
  prepareRoutes(app, (stream, name) => {
    options.log({ event: 'request-failed', stream, detail: name });
  });

  app.options('/:stream', () => preflight({ 'Accept-Post': SDP_TYPE }));
  app.options('/:stream/:session', () => preflight({ 'Accept-Patch': ICE_FRAGMENT_TYPE }));
  // Hono responds to HEAD with the headers of GET.
  app.get('/:stream', () => new Response(null, { headers: { 'Accept-Post': SDP_TYPE } }));

  app.post('/:stream', limitBody(MAX_DESCRIPTION_BYTES), async (c) => {
    const admitted = await admitOffer(c, options.verify);
    if (admitted instanceof Response) return admitted;
    const { stream, access } = admitted;
    if (refusal) return unavailable('ingest-unavailable', refusal.retryAfterSeconds);
    if (options.isReserved?.(stream)) {
      return sessionProblem(
        'stream-reserved',
        `The stream name "${stream}" is reserved. Publish to another name.`,
      );
    }
    const offer = inspectOffer(await c.req.text(), codecs);
    if (isRefusal(offer)) return problemResponse(offer.status, offer.code, offer.detail);
    return publish(c, stream, offer, access);
  });

  app.patch('/:stream/:session', limitBody(MAX_FRAGMENT_BYTES), async (c) => {
    const session = await find(c);
    if (session instanceof Response) return session;
    if (mediaType(c) !== ICE_FRAGMENT_TYPE) {
      return sessionProblem('media-type-unsupported', `Send candidates as ${ICE_FRAGMENT_TYPE}.`, {
        'Accept-Patch': ICE_FRAGMENT_TYPE,
      });
    }
    return patchIce(session, c.req.header('If-Match'), await c.req.text());
  });

  app.delete('/:stream/:session', async (c) => {
    const session = await find(c);
    if (session instanceof Response) return session;
    session.end('deleted');
    return new Response(null, { status: 200 });
  });

  addEventRoutes(app, {
    find: async (c) => {
      const session = await find(c);
      return session instanceof Response ? session : session.events;
    },
    peek: (stream, id) => publishers.find(stream, id)?.events,
  });

  app.all('/:stream', () => methodNotAllowed('GET, HEAD, POST, OPTIONS'));
  app.all('/:stream/:session', () => methodNotAllowed('PATCH, DELETE, OPTIONS'));

  return {
    routes: app,
    liveStream: (name) => publishers.liveStream(name),
    kill: (stream) => publishers.kill(stream),
    refuse: (next) => {
      refusal = next;
    },
    recheck: () => {
      publishers.recheck();
    },
    setCodecs: (next) => {
      codecs = next ?? VIDEO_CODECS;
    },
    close: () => {
      publishers.close();
    },
  };

  /** The session of a request, or the response that refuses it. */
  async function find(c: Context): Promise<PublisherSession | Response> {
    const { stream = '', session = '' } = c.req.param();
    const admitted = await authorize(c, stream, options.verify);
    if (admitted instanceof Response) return admitted;
    return publishers.find(stream, session) ?? sessionNotFound();
  }

  async function publish(
    c: Context,
    stream: string,
    offer: AcceptedOffer,
    access: SessionAccess | undefined,
  ): Promise<Response> {
    const result = await publishers.publish(stream, offer, access);
    switch (result.outcome) {
      case 'busy':
        return sessionProblem('stream-busy', `"${stream}" already has a publisher.`);
      case 'full':
        return unavailable('ingest-unavailable', 5);
      case 'rejected':
        return sessionProblem('invalid-offer', 'The offer could not be negotiated.');
      case 'accepted': {
        const location = `${new URL(c.req.url).pathname}/${result.session.id}`;
        return new Response(result.answer, {
          status: 201,
          headers: {
            'Content-Type': SDP_TYPE,
            Location: location,
            Link: eventsLink(location, EVENTS_RELATION, PUBLISHER_EVENTS),
            ETag: result.session.etag,
            'Accept-Patch': ICE_FRAGMENT_TYPE,
            'Cache-Control': 'no-store',
          },
        });
      }
    }
  }
}
