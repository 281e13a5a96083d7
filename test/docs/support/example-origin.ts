import { Problem, createTokenVerifier, type TokenVerifier } from '@gatecast/server';
import { Hono } from 'hono';
import type { BackendEnv } from '../../../demo/backend/http/backend-env.js';
import { createClipSource } from '../../../demo/backend/live-origin/clip-source.js';
import { loadClip } from '../../../demo/backend/live-origin/clip.js';
import { createLiveRoutes } from '../../../demo/backend/live-origin/live-routes.js';
import { loopbackCors } from '../../../demo/backend/http/loopback-cors.js';
import { Faults } from '../../../demo/backend/qa/faults.js';
import { mountWebrtc } from '../../../demo/backend/webrtc-mount.js';

/** Media origin and WHIP ingest of a quick start. They trust only the keys that its backend publishes. */
export interface ExampleOrigin {
  readonly fetch: (request: Request) => Response | Promise<Response>;
  readonly close: () => void;
}

/** @param playbackIds - playback id by stream key, for tokens of viewers. Without one, both names are the same. */
export function createExampleOrigin(
  jwksUrl: string,
  playbackIds: ReadonlyMap<string, string> = new Map(),
): ExampleOrigin {
  const verifier = (audience: string) => createTokenVerifier({ keys: new URL(jwksUrl), audience });
  const viewers = verifier('v');
  const ofPlaybackIds: TokenVerifier = {
    verify: (token, { stream, ...expected } = {}) =>
      viewers.verify(token, { ...expected, stream: playbackIds.get(stream ?? '') ?? stream }),
  };
  const now = Date.now;
  const webrtc = mountWebrtc({ verifiers: { ingest: verifier('ingest'), playback: ofPlaybackIds }, now });
  const live = createLiveRoutes({
    verifier: ofPlaybackIds,
    faults: new Faults(),
    sources: [createClipSource({ clip: loadClip(), now }), webrtc.source],
  });
  const app = new Hono<BackendEnv>();
  app.use(loopbackCors);
  for (const part of [webrtc.routes, live]) app.route('/', part);
  app.onError((error) =>
    (error instanceof Problem ? error : new Problem('internal', 'The origin failed.')).toResponse(),
  );
  return { fetch: (request) => app.fetch(request, {}), close: () => webrtc.close() };
}
