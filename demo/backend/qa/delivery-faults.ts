import { setTimeout as sleep } from 'node:timers/promises';
import type { MiddlewareHandler } from 'hono';
import type { BackendEnv } from '../http/backend-env.js';
import type { Faults } from './faults.js';
import { throttleBody } from './throttle-body.js';

/** Middleware that delays each response by `latencyMs`. An abort of `closing` ends all delays. */
export function delayAnswers(latencyMs: () => number, closing: AbortSignal): MiddlewareHandler<BackendEnv> {
  return async (context, next) => {
    const delayMs = latencyMs();
    if (delayMs > 0 && context.req.method !== 'OPTIONS') {
      const signal = AbortSignal.any([closing, context.req.raw.signal]);
      // A client that stopped waiting does not read the response either.
      await sleep(delayMs, undefined, { signal }).catch(() => undefined);
    }
    await next();
  };
}

/** Middleware that limits the bit rate of each body to the fault `media.throttleKbps`. */
export function throttleAnswers(faults: Faults, closing: AbortSignal): MiddlewareHandler<BackendEnv> {
  return async (context, next) => {
    const arrivedAt = performance.now();
    await next();
    const { throttleKbps } = faults.media;
    const { body } = context.res;
    if (throttleKbps === undefined || !body) return;
    const entry = context.get('entry');
    const onDone = (): void => {
      if (entry) entry.durationMs = Math.round(performance.now() - arrivedAt);
    };
    const signal = AbortSignal.any([closing, context.req.raw.signal]);
    const slowed = throttleBody(body, { kilobitsPerSecond: throttleKbps, signal, onDone });
    const { status, headers } = context.res;
    context.res = new Response(slowed, { status, headers });
  };
}

/** Middleware that takes the CORS headers off refusals while the fault `media.hideRefusals` is set. */
export function hideRefusals(faults: Faults): MiddlewareHandler<BackendEnv> {
  return async (context, next) => {
    await next();
    const { status } = context.res;
    if (!faults.media.hideRefusals || (status !== 401 && status !== 403)) return;
    context.res.headers.delete('Access-Control-Allow-Origin');
  };
}
