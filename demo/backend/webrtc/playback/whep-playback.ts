import { Hono } from 'hono';
import type { Context } from 'hono';
import { addEventRoutes, eventsLink } from '../event-routes.js';
import { ICE_FRAGMENT_TYPE } from '../ice-fragment.js';
import type { LivePublisher, MediaSink } from '../media-packet.js';
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
import { EVENTS_REL, LAYER_REL, readLayerRequest, VIEWER_EVENTS } from './viewer-events.js';
import { checkViewerAnswer, isViewerRefusal, readViewerOffer } from './viewer-offer.js';
import type { ViewerOffer } from './viewer-offer.js';
import { ViewerRegistry } from './viewer-registry.js';
import type { ViewerRegistryOptions } from './viewer-registry.js';
import type { ViewerSession } from './viewer-session.js';

export interface WhepPlaybackOptions extends ViewerRegistryOptions {
  readonly verify: VerifyToken;
  /** Whether a stream is served by another source only, as HLS. */
  readonly isReserved?: (stream: string) => boolean;
}

/** What testers can make the playback do. */
export interface PlaybackFaults {
  /** Refuses new sessions. */
  readonly refuse?:
    { readonly status: 403 | 404 | 409 | 503; readonly retryAfterSeconds?: number | undefined } | undefined;
  /** Responds to offers with an offer of the server (406). */
  readonly counterOffer?: boolean | undefined;
  /** Accepts sessions that cannot connect, or sends no media to all that are connected. */
  readonly block?: 'connection' | 'media' | undefined;
}

/** WHEP playback: HTTP routes, the entrance of publishers, and functions that simulate failures. */
export interface WhepPlayback {
  /** Serves `/:stream` and `/:stream/:session`; mount it at `/whep`. */
  readonly routes: Hono;
  /** Takes the media of a publisher. */
  publish(publisher: LivePublisher): MediaSink;
  /** Checks the tokens of all sessions now: call it when an access was ended. */
  recheck(): void;
  /** Ends the sessions of one stream, or all with `true`, without notice. Returns their number. */
  kill(stream: string | true): number;
  /** Sets the faults, in place of those before. */
  setFaults(faults: PlaybackFaults): void;
  /** Ends all sessions. */
  close(): void;
}

/** Time in seconds after which a viewer may ask again while nobody publishes. */
const RETRY_AFTER_INACTIVE_SECONDS = 2;
const MAX_LAYER_BYTES = 4096;

/**
 * Creates a WHEP endpoint that sends publishers' packets to viewers.
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-wish-whep
 */
export function createWhepPlayback(options: WhepPlaybackOptions): WhepPlayback {
  const viewers = new ViewerRegistry(options);
  let faults: PlaybackFaults = {};

  const app = new Hono();
  prepareRoutes(app, (stream, name) => {
    options.log({ event: 'request-failed', stream, detail: name });
  });

  app.options('/:stream', () => preflight({ 'Accept-Post': SDP_TYPE }));
  app.options('/:stream/:session', () => preflight({ 'Accept-Patch': `${ICE_FRAGMENT_TYPE}, ${SDP_TYPE}` }));
  // Hono responds to HEAD with the headers of GET.
  app.get(
    '/:stream',
    () => new Response(null, { headers: { 'Content-Type': SDP_TYPE, 'Accept-Post': SDP_TYPE } }),
  );

  app.post('/:stream', limitBody(MAX_DESCRIPTION_BYTES), async (c) => {
    const admitted = await admitOffer(c, options.verify);
    if (admitted instanceof Response) return admitted;
    const { stream, access } = admitted;
    if (faults.refuse) return refusal(faults.refuse);
    const offer = readViewerOffer(await c.req.text(), viewers.relay(stream)?.videoCodec);
    if (isViewerRefusal(offer)) return problemResponse(offer.status, offer.code, offer.detail);
    return join(c, stream, offer, access);
  });

  app.on(['GET', 'HEAD'], '/:stream/:session', async (c) => {
    const session = await findSession(c);
    return session instanceof Response ? session : new Response(null, { status: 204 });
  });

  app.patch('/:stream/:session', limitBody(MAX_DESCRIPTION_BYTES), async (c) => {
    const session = await findSession(c);
    if (session instanceof Response) return session;
    const type = mediaType(c);
    if (type === SDP_TYPE) return acceptAnswer(session, await c.req.text());
    if (type === ICE_FRAGMENT_TYPE) return patchIce(session, c.req.header('If-Match'), await c.req.text());
    return sessionProblem(
      'media-type-unsupported',
      `Send candidates as ${ICE_FRAGMENT_TYPE}, and the answer to an offer of the server as ${SDP_TYPE}.`,
      { 'Accept-Patch': `${ICE_FRAGMENT_TYPE}, ${SDP_TYPE}` },
    );
  });

  app.delete('/:stream/:session', async (c) => {
    const session = await findSession(c);
    if (session instanceof Response) return session;
    session.end('deleted');
    return new Response(null, { status: 200 });
  });

  addEventRoutes(app, {
    find: async (c) => {
      const session = await findSession(c);
      return session instanceof Response ? session : session.events;
    },
    peek: (stream, id) => viewers.find(stream, id)?.events,
  });
  app.options('/:stream/:session/layer', () => preflight({ 'Accept-Post': 'application/json' }));
  app.post('/:stream/:session/layer', limitBody(MAX_LAYER_BYTES), async (c) => {
    const session = await findSession(c);
    if (session instanceof Response) return session;
    const wanted = readLayerRequest(await c.req.text());
    if (!wanted) return sessionProblem('invalid-layer', 'Send a JSON object with the wanted layer.');
    return session.selectLayer(wanted)
      ? new Response(null, { status: 200 })
      : sessionProblem('layer-not-found', 'The stream has no such layer. The event "layers" lists them.');
  });

  app.all('/:stream', () => methodNotAllowed('GET, HEAD, POST, OPTIONS'));
  app.all('/:stream/:session', () => methodNotAllowed('GET, HEAD, PATCH, DELETE, OPTIONS'));

  return {
    routes: app,
    publish: (publisher) => viewers.publish(publisher),
    recheck: () => {
      viewers.recheck();
    },
    kill: (stream) => viewers.kill(stream),
    setFaults: (next) => {
      faults = next;
    },
    close: () => {
      viewers.close();
    },
  };

  /** Finds the session of a request with a valid token. The token then is the session's newest one. */
  async function findSession(c: Context): Promise<ViewerSession | Response> {
    const stream = c.req.param('stream') ?? '';
    const admitted = await authorize(c, stream, options.verify);
    if (admitted instanceof Response) return admitted;
    const session = viewers.find(stream, c.req.param('session') ?? '');
    if (!session) return sessionNotFound();
    session.renew(admitted.access);
    return session;
  }

  async function join(
    c: Context,
    stream: string,
    offer: ViewerOffer,
    access: SessionAccess | undefined,
  ): Promise<Response> {
    if (options.isReserved?.(stream)) {
      return sessionProblem('stream-not-found', `"${stream}" is not sent by WebRTC. Play it as HLS.`);
    }
    const relay = viewers.relay(stream);
    if (!relay?.isActive) {
      return sessionProblem('stream-inactive', `Nobody publishes "${stream}" at the moment.`, {
        'Retry-After': String(RETRY_AFTER_INACTIVE_SECONDS),
      });
    }
    const session = viewers.join({
      stream,
      relay,
      offer: offer.sdp,
      access,
      videoCodec: offer.videoCodec ?? relay.videoCodec ?? 'h264',
      isUnreachable: faults.block === 'connection',
      isMediaBlocked: () => faults.block === 'media',
    });
    if (!session) return unavailable('playback-unavailable', 5);
    try {
      const isCounterOffer = faults.counterOffer === true;
      const body = await (isCounterOffer ? session.offer() : session.answer(offer.sdp));
      return described(c, session, body, isCounterOffer ? 406 : 201);
    } catch {
      session.end('failed');
      return sessionProblem('invalid-offer', 'The offer could not be negotiated.');
    }
  }
}

function described(c: Context, session: ViewerSession, body: string, status: 201 | 406): Response {
  const location = `${new URL(c.req.url).pathname}/${session.id}`;
  const response = new Response(body, {
    status,
    headers: {
      'Content-Type': SDP_TYPE,
      Location: location,
      ETag: session.etag,
      'Accept-Patch': `${ICE_FRAGMENT_TYPE}, ${SDP_TYPE}`,
      'Cache-Control': 'no-store',
    },
  });
  response.headers.append('Link', eventsLink(location, EVENTS_REL, VIEWER_EVENTS));
  response.headers.append('Link', `<${location}/layer>; rel="${LAYER_REL}"`);
  return response;
}

async function acceptAnswer(session: ViewerSession, answer: string): Promise<Response> {
  if (session.isNegotiated) {
    return sessionProblem('session-established', 'The session is negotiated. Only ICE can be changed.');
  }
  const refused = checkViewerAnswer(answer);
  if (refused) return problemResponse(refused.status, refused.code, refused.detail);
  try {
    await session.accept(answer);
    return new Response(null, { status: 204 });
  } catch {
    session.end('failed');
    return sessionProblem('invalid-offer', 'The answer could not be negotiated.');
  }
}

function refusal({ status, retryAfterSeconds }: NonNullable<PlaybackFaults['refuse']>): Response {
  const code = {
    403: 'token-revoked',
    404: 'stream-not-found',
    409: 'stream-inactive',
    503: 'playback-unavailable',
  }[status];
  return problemResponse(status, code, 'Injected fault.', {
    ...(retryAfterSeconds !== undefined && { 'Retry-After': String(retryAfterSeconds) }),
  });
}
