import { Problem, type Revocations } from '@gatecast/server';
import { Hono, type Context } from 'hono';
import type { BackendEnv } from '../http/backend-env.js';
import type { Faults } from './faults.js';
import type { RequestLog } from '../http/request-log.js';
import type { WebrtcMount } from '../webrtc-mount.js';

export interface QaRoutesOptions {
  /** Ingest and playback, as far as faults control them. */
  readonly webrtc: Pick<WebrtcMount, 'ingest' | 'playback'>;
  readonly faults: Faults;
  readonly log: RequestLog;
  readonly now: () => number;
  readonly revocations: Revocations;
}

/** Serves `/faults` (read, set and clear faults), `/revoke` (end access, and allow it again) and `/log` (read and clear the request log). */
export function createQaRoutes({ faults, log, webrtc, now, revocations }: QaRoutesOptions): Hono<BackendEnv> {
  function apply(): void {
    webrtc.ingest.refuse(faults.settings.ingest?.refuse);
    webrtc.ingest.setCodecs(faults.settings.ingest?.codecs);
    webrtc.playback.setFaults(faults.settings.whep ?? {});
  }

  const app = new Hono<BackendEnv>();
  app.use(async (context, next) => {
    await next();
    context.header('Cache-Control', 'no-store');
  });

  app.get('/faults', (context) => context.json(faults.settings));
  app.post('/faults', async (context) => {
    const kill = faults.merge(await readJson(context));
    if (kill.ingest !== undefined) webrtc.ingest.kill(kill.ingest);
    if (kill.whep !== undefined) webrtc.playback.kill(kill.whep);
    apply();
    return context.json(faults.settings);
  });
  app.delete('/faults', (context) => {
    faults.clear();
    apply();
    return context.body(null, 204);
  });

  app.post('/revoke', async (context) => {
    // The server checks what it is.
    const request = (await readJson(context)) as Parameters<Revocations['revoke']>[0];
    return context.json(await revocations.revoke(request));
  });
  app.delete('/revoke', async (context) => {
    await Promise.all(
      (await revocations.list()).map(({ user, stream, jti }) =>
        revocations.allow({
          ...(user !== undefined && { user }),
          ...(stream !== undefined && { stream }),
          ...(jti !== undefined && { jti }),
        }),
      ),
    );
    return context.body(null, 204);
  });

  app.get('/log', (context) => {
    const since = Number(context.req.query('since') ?? 0);
    if (!Number.isFinite(since))
      throw new Problem('request-invalid', '"since" must be a number of milliseconds since 1970.');
    return context.json({ nowMs: now(), entries: log.since(since) });
  });
  app.delete('/log', (context) => {
    log.clear();
    return context.body(null, 204);
  });
  return app;
}

async function readJson(context: Context<BackendEnv>): Promise<unknown> {
  requireJson(context.req.header('Content-Type'));
  return context.req.json().catch(() => {
    throw new Problem('request-invalid', 'The body is not JSON.');
  });
}

/** A form or a script of a foreign page can send other types without a preflight request. */
function requireJson(contentType = ''): void {
  if (/^application\/json\s*(?:;|$)/i.test(contentType)) return;
  throw new Problem('media-type-unsupported', 'The body is not JSON.', {
    hint: 'Send Content-Type: application/json.',
  });
}
