import { Problem, type TokenVerifier } from '@gatecast/server';
import { Hono } from 'hono';
import type { BackendEnv } from './http/backend-env.js';
import { type MediaResource, type MediaSource, mediaTypes } from './live-origin/media-source.js';
import { streamCatalogue } from './live-origin/stream-catalogue.js';
import type { VideoCodec } from './webrtc/codecs/video-codec.js';
import type { LiveChannel } from './webrtc/ingest/live-channel.js';
import type { WhipIngest } from './webrtc/ingest/whip-ingest.js';
import type { PlaybackFaults, WhepPlayback } from './webrtc/playback/whep-playback.js';
import { verifyForSession } from './webrtc/verify-for-session.js';

export interface WebrtcMountOptions {
  readonly verifiers: Readonly<Record<'ingest' | 'playback', TokenVerifier>>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Connects WHIP ingest and WHEP playback to the backend. */
export interface WebrtcMount {
  /** `/whip/…` and `/whep/…` */
  readonly routes: Hono<BackendEnv>;
  /** Streams of the publishers, for the live origin. */
  readonly source: MediaSource;
  /** Functions of the ingest that faults control. */
  readonly ingest: {
    /** Ends the session of one publisher, or of all with `true`, without notifying them. */
    kill(stream: string | true): void;
    /** Rejects new sessions with status 503 until called with `undefined`. */
    refuse(refusal: { readonly retryAfterSeconds: number } | undefined): void;
    /** Accepts these video codecs only, until called with `undefined`. */
    setCodecs(codecs: readonly VideoCodec[] | undefined): void;
  };
  /** Functions of the playback that faults control. */
  readonly playback: {
    /** Ends the sessions of the viewers of one stream, or all with `true`, without notifying them. */
    kill(stream: string | true): void;
    setFaults(faults: PlaybackFaults): void;
  };
  /** Checks the tokens of all publishers and viewers now: call it when an access was ended. */
  recheck(): void;
  close(): void;
}

interface Loaded {
  readonly fetch: Hono['fetch'];
  readonly ingest: WhipIngest;
  readonly playback: WhepPlayback;
}

/**
 * Creates the routes of ingest and playback. They load both on the first request, because the WebRTC stack takes almost a
 * second to load and most runs only use HLS.
 */
export function mountWebrtc({ verifiers, now }: WebrtcMountOptions): WebrtcMount {
  let loaded: Loaded | undefined;
  let loading: Promise<Loaded> | undefined;
  let refusal: { readonly retryAfterSeconds: number } | undefined;
  let codecs: readonly VideoCodec[] | undefined;
  let faults: PlaybackFaults = {};
  let isClosed = false;

  async function load(): Promise<Loaded> {
    const [{ createWhipIngest }, { createWhepPlayback }] = await Promise.all([
      import('./webrtc/ingest/whip-ingest.js'),
      import('./webrtc/playback/whep-playback.js'),
    ]);
    const common = {
      isReserved: (stream: string) => streamCatalogue.has(stream),
      log: () => undefined,
      now,
    };
    const playback = createWhepPlayback({ ...common, verify: verifyForSession(verifiers.playback) });
    const ingest = createWhipIngest({
      ...common,
      verify: verifyForSession(verifiers.ingest),
      onPublisher: (publisher) => playback.publish(publisher),
    });
    ingest.refuse(refusal);
    ingest.setCodecs(codecs);
    playback.setFaults(faults);
    const { fetch } = new Hono().route('/whip', ingest.routes).route('/whep', playback.routes);
    loaded = { fetch, ingest, playback };
    if (isClosed) end(loaded);
    return loaded;
  }

  function end({ ingest, playback }: Loaded): void {
    ingest.close();
    playback.close();
  }

  const routes = new Hono<BackendEnv>();
  for (const path of ['/whip/*', '/whep/*']) {
    routes.all(path, async (context) => {
      loading ??= load();
      const { fetch } = await loading;
      return fetch(context.req.raw, context.env);
    });
  }

  return {
    routes,
    source: {
      find({ stream, resource }, { query, signal }) {
        const live = loaded?.ingest.liveStream(stream);
        return live && findInStream(live, resource, query, signal);
      },
    },
    ingest: {
      kill: (stream) => void loaded?.ingest.kill(stream),
      refuse(next) {
        refusal = next;
        loaded?.ingest.refuse(next);
      },
      setCodecs(next) {
        codecs = next;
        loaded?.ingest.setCodecs(next);
      },
    },
    playback: {
      kill: (stream) => void loaded?.playback.kill(stream),
      setFaults(next) {
        faults = next;
        loaded?.playback.setFaults(next);
      },
    },
    recheck() {
      loaded?.ingest.recheck();
      loaded?.playback.recheck();
    },
    close() {
      isClosed = true;
      if (loaded) end(loaded);
    },
  };
}

async function findInStream(
  live: LiveChannel,
  resource: string,
  query: URLSearchParams,
  signal: AbortSignal,
): Promise<MediaResource | undefined> {
  if (resource !== '') {
    const file = await live.file(resource, signal);
    return file && { contentType: file.contentType, body: file.bytes };
  }
  const mediaSequence = readDirective(query, '_HLS_msn');
  const part = readDirective(query, '_HLS_part');
  const reply = await live.playlist({
    signal,
    ...(mediaSequence !== undefined && { mediaSequence }),
    ...(part !== undefined && { part }),
  });
  if (reply.status === 200) return { contentType: mediaTypes.playlist, body: reply.body };
  if (reply.status === 409) {
    throw new Problem('not-found', reply.detail, { status: 409, reason: 'codec-not-in-hls' });
  }
  throw new Problem(reply.status === 404 ? 'not-found' : 'request-invalid', reply.detail);
}

function readDirective(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name);
  return value !== null && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}
