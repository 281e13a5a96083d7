import { Hono } from 'hono';
import type { FakeVendorOptions } from './fake-vendor-options.js';
import { playbackService } from './playback-service.js';
import { secureTokenService } from './secure-token-service.js';
import { webcasterService } from './webcaster-service.js';

/**
 * Creates local fakes of the vendor's token services, with the same request and response bodies, for `/nanostream`.
 *
 * They validate requests as the vendor's documentation describes, so an issuer that passes here sends valid requests.
 * They sign tokens with a random key, so no media server accepts them.
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
