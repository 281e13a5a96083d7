import { Problem } from '@gatecast/server';
import type { MiddlewareHandler } from 'hono';
import type { BackendEnv } from './backend-env.js';
import { maxUploadTestBytes, uploadTestPrefix } from './upload-test.js';

/** In bytes. SDP offers and token requests are much smaller. */
const maxBodyBytes = 256 * 1024;

/**
 * Middleware that refuses bodies above 256 KiB (4 MiB for an upload test) with status 413, and those without a length with 411. The token endpoint
 * reads the latter with a limit of its own.
 */
export const limitBodies: MiddlewareHandler<BackendEnv> = async ({ req }, next) => {
  const limit = req.path.startsWith(uploadTestPrefix) ? maxUploadTestBytes : maxBodyBytes;
  if (Number(req.header('Content-Length') ?? 0) > limit) {
    throw new Problem('request-too-large', `The body is larger than ${limit} bytes.`);
  }
  if (req.header('Transfer-Encoding') !== undefined && req.path !== '/api/tokens') {
    throw new Problem('request-invalid', 'The length of the body is missing.', {
      status: 411,
      hint: 'Send Content-Length.',
    });
  }
  await next();
};
