import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { BackendEnv } from '../../../demo/backend/http/backend-env.js';
import { throttleBody } from '../../../demo/backend/qa/throttle-body.js';
import type { AnswerFault, MediaFault, RetryAfterForm } from '../cases/fault-case.js';

const retryAfterSeconds = 3;
const html = '<!doctype html><title>Sign in</title><p>Please sign in to use this network.</p>';

export type Bindings = BackendEnv['Bindings'];

/** Makes a response whose headers the page may read or not. */
export type Answer = (
  body: BodyInit | null,
  init: { status?: number; headers?: Record<string, string> },
) => Response;

function retryAfter(form: RetryAfterForm | undefined): Record<string, string> {
  if (form === undefined) return {};
  const date = new Date(Date.now() + retryAfterSeconds * 1000).toUTCString();
  return { 'Retry-After': form === 'seconds' ? String(retryAfterSeconds) : date };
}

/** Answers without the resource, for faults that do not need it. */
export function answerInstead(
  fault: AnswerFault | MediaFault,
  { answer, plain, env }: { answer: Answer; plain: Answer; env: Bindings },
): Response | Promise<Response> | undefined {
  switch (fault.kind) {
    case 'status': {
      const make = fault.cors === false ? plain : answer;
      return make('Injected fault.', { status: fault.status, headers: retryAfter(fault.retryAfter) });
    }
    case 'refuse-tokens': {
      const make = fault.cors === false ? plain : answer;
      return make('Injected fault: the token is refused.', { status: 403 });
    }
    case 'reset':
      env.incoming?.socket.destroy();
      return answer(null, { status: 502 });
    case 'hang':
      return hang(env);
    case 'empty':
      return answer('', {});
    case 'html':
      return answer(html, { headers: { 'Content-Type': 'text/html' } });
    case 'header-only':
      return answer('#EXTM3U\n', { headers: { 'Content-Type': 'application/vnd.apple.mpegurl' } });
    case 'slow':
    case 'wrong-type':
    case 'half':
    case 'garbage':
    case 'truncated':
    case 'revoke':
      return undefined;
  }
}

/** Ends when the client, or the server, closes the connection. */
async function hang({ incoming }: Bindings): Promise<Response> {
  if (incoming && !incoming.socket.destroyed) await once(incoming.socket, 'close');
  return new Response(null, { status: 504 });
}

/** Damages a good response. */
export function answerDamaged(
  fault: AnswerFault | MediaFault,
  {
    bytes,
    contentType,
    answer,
    env,
  }: {
    bytes: Uint8Array<ArrayBuffer>;
    contentType: string;
    answer: Answer;
    env: Bindings;
  },
): Response {
  const headers = { 'Content-Type': contentType };
  switch (fault.kind) {
    case 'wrong-type':
      return answer(bytes, { headers: { 'Content-Type': 'text/plain' } });
    case 'half':
      return answer(bytes.subarray(0, bytes.length / 2), { headers });
    case 'garbage':
      return answer(new Uint8Array(randomBytes(bytes.length)), { headers });
    case 'truncated':
      return answer(cutInTheMiddle(bytes, env), {
        headers: { ...headers, 'Content-Length': String(bytes.length) },
      });
    case 'slow': {
      const { kilobitsPerSecond } = fault;
      const signal = AbortSignal.timeout(600_000);
      const body = new Blob([bytes]).stream();
      return answer(throttleBody(body, { kilobitsPerSecond, signal, onDone: () => undefined }), { headers });
    }
    case 'status':
    case 'refuse-tokens':
    case 'reset':
    case 'hang':
    case 'empty':
    case 'html':
    case 'header-only':
    case 'revoke':
      return answer(bytes, { headers });
  }
}

function cutInTheMiddle(bytes: Uint8Array<ArrayBuffer>, { incoming }: Bindings): ReadableStream<Uint8Array> {
  let isSent = false;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (!isSent) {
        isSent = true;
        controller.enqueue(bytes.subarray(0, bytes.length / 2));
        return;
      }
      // The first half must have left this process.
      await new Promise((resolve) => setTimeout(resolve, 50));
      incoming?.socket.destroy();
      controller.close();
    },
  });
}
