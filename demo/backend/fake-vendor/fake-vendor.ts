import { Hono } from 'hono';
import { playbackService } from './playback-service.js';
import { secureTokenService } from './secure-token-service.js';
import { webcasterService } from './webcaster-service.js';

export interface FakeVendorOptions {
  /** The one key that the stand-ins accept as `X-BINTU-APIKEY`, and as `X-BINTU-TOKEN` where there is one. */
  readonly apiKey: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * Local stand-ins for the vendor's token services, with its bodies and answers, to be mounted at `/nanostream`.
 *
 * They check what the vendor's documents say it checks, so that an issuer which passes here sends what is due. Their
 * tokens are signed with a key of their own and open nothing.
 *
 * @see https://docs.nanocosmos.de/docs/nanoplayer/nanoplayer_security_jwt
 * @see https://docs.nanocosmos.de/docs/webrtc-v5/nanostream_webrtc_secure_ingest
 */
export function createFakeVendor(options: FakeVendorOptions): Hono {
  const app = new Hono();
  app.route('/webcaster', webcasterService(options));
  app.route('/secure/token', secureTokenService(options));
  app.route('/api/v1/splay', playbackService(options));
  return app;
}
