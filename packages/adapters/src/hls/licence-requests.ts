import { delay, GatecastError, retryDelayMs } from '@gatecast/token';
import type { LicenceContext, LicenceHls, LicenceHost, LicenceSetupArguments } from './licence-host.js';
import { takeOverXhr, type SendRequest } from './licence-xhr.js';
import { asLicenceError, LEAD_MS, RENEWAL_PAUSE_MS, renewAhead } from './renew-licence.js';
import { requestLicence, type LicenceResponse } from './request-licence.js';

/** hls.js asks again after a failure, at once and several times, unless it has counted more failures than this. */
const ENOUGH_FAILURES = 1000;

/**
 * The `licenseXhrSetup` of hls.js: it lets the request be sent with a token. The page's own is called, too. Licences are
 * renewed before they end.
 *
 * @returns the body of the request, if the page has changed it.
 */
export async function prepareLicence(
  host: LicenceHost,
  hls: LicenceHls,
  ...[xhr, url, context, challenge]: LicenceSetupArguments
): Promise<Uint8Array | string | undefined> {
  renewAhead(host, {
    ...{ hls, context, url },
    request: (message) => fetchLicence(host, hls, url, context, message),
  });
  takeOverXhr(xhr, url, sendWithToken(host, context));
  return setUp(host, hls, xhr, url, context, challenge);
}

async function setUp(
  { hooks: { licenseXhrSetup }, headersFor }: LicenceHost,
  hls: LicenceHls,
  ...[xhr, url, context, challenge]: LicenceSetupArguments
): Promise<Uint8Array | string | undefined> {
  const body = await setUpByPage(() => licenseXhrSetup?.call(hls, xhr, url, context, challenge));
  if (!xhr.readyState) xhr.open('POST', url, true);
  for (const [name, value] of Object.entries(headersFor?.(url) ?? {})) xhr.setRequestHeader(name, value);
  return body ?? undefined;
}

/** hls.js asks the page's code again with an open request, and reports an error of the second time. */
async function setUpByPage<Body>(call: () => Body): Promise<Awaited<Body>> {
  try {
    return await call();
  } catch (cause) {
    throw new GatecastError('option-invalid', 'The option licenseXhrSetup of hls.js failed.', {
      hint: 'Let licenseXhrSetup(xhr, url, context, challenge) set the request and return its body, or nothing.',
      cause,
    });
  }
}

/** Requests a licence for a session that hls.js does not know, as hls.js requests one. */
function fetchLicence(
  host: LicenceHost,
  hls: LicenceHls,
  url: string,
  context: LicenceContext,
  message: Uint8Array<ArrayBuffer>,
): Promise<ArrayBuffer> {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    xhr.responseType = 'arraybuffer';
    takeOverXhr(xhr, url, async (request, body) => {
      try {
        return await send(host, request, body);
      } catch (error) {
        reject(error instanceof Error ? error : new Error('request failed'));
        return null;
      }
    });
    xhr.onload = () => {
      resolve(changedByPage(host, hls, xhr, url, context));
    };
    const setUpOnce = () => setUp(host, hls, xhr, url, context, message);
    setUpOnce()
      .catch(() => {
        // It may need an open request.
        xhr.open('POST', url, true);
        return setUpOnce();
      })
      .then((body) => {
        xhr.send((body ?? message) as string | Uint8Array<ArrayBuffer>);
      })
      .catch(reject);
  });
}

/** The response as the page's code has changed it. If that throws, hls.js uses the response as it is. */
function changedByPage(
  { hooks: { licenseResponseCallback } }: LicenceHost,
  hls: LicenceHls,
  xhr: XMLHttpRequest,
  url: string,
  context: LicenceContext,
): ArrayBuffer {
  const data = xhr.response as ArrayBuffer;
  try {
    return licenseResponseCallback?.call(hls, xhr, url, context) ?? data;
  } catch {
    return data;
  }
}

function sendWithToken(host: LicenceHost, context: LicenceContext): SendRequest {
  return async (request, body) => {
    try {
      const response = await sendWhileUsable(host, context, request, body);
      // hls.js takes no other status for success.
      return { ...response, status: 200 };
    } catch (error) {
      if (request.signal.aborted || host.signal?.aborted) return null;
      countFailures(context);
      if (!host.onFailed(error, host.streamOf(request.url))) return null;
      const { status = 0 } = error instanceof GatecastError ? error : {};
      return { status, statusText: '', data: null };
    }
  };
}

/** hls.js 1.6 has no `keyRequests`. */
function countFailures({ keyRequests, decryptdata }: Partial<LicenceContext>): void {
  const failed = keyRequests?.[decryptdata?.uri ?? ''];
  if (failed) failed.requestErrors.length = ENOUGH_FAILURES;
}

/**
 * Sends the request. While the session has a usable key, it is a renewal: playback goes on, so a failure is tried again, with
 * growing pauses, until the licence ends.
 */
async function sendWhileUsable(
  host: LicenceHost,
  context: LicenceContext,
  ...[request, body]: Parameters<SendRequest>
): Promise<LicenceResponse> {
  const { clock, random = Math.random, onTrouble } = host;
  for (let attempt = 1; ; attempt++) {
    try {
      return await send(host, request, body);
    } catch (error) {
      const remainingLifeMs = usableMs(host, context);
      if (request.signal.aborted || host.signal?.aborted || remainingLifeMs <= 0) throw error;
      const typed = asLicenceError(error);
      onTrouble?.(typed, host.streamOf(request.url));
      const { retryAfterMs } = typed;
      const waitMs = retryDelayMs({ attempt, random: random(), retryAfterMs, remainingLifeMs });
      await delay(clock, Math.max(RENEWAL_PAUSE_MS, waitMs), request.signal);
    }
  }
}

/** How long the key of a session can still be used, in milliseconds; without an end, a minute. */
function usableMs({ clock }: LicenceHost, { mediaKeysSession, decryptdata }: LicenceContext): number {
  const { keyStatuses, expiration } = mediaKeysSession as Partial<MediaKeySession>;
  const { keyId } = decryptdata;
  if (!keyId || keyStatuses?.get(keyId) !== 'usable') return 0;
  return Number.isNaN(expiration ?? NaN) ? LEAD_MS : (expiration ?? 0) - clock.now();
}

async function send(
  host: LicenceHost,
  ...[{ url, signal, method, headers, credentials }, body]: Parameters<SendRequest>
) {
  const life = new AbortController();
  const end = (): void => {
    life.abort();
  };
  for (const each of [signal, host.signal]) {
    if (each?.aborted) end();
    each?.addEventListener('abort', end, { signal: life.signal });
  }
  try {
    const init = { method, headers, credentials, body };
    return await requestLicence(host, { url, stream: host.streamOf(url), signal: life.signal, init });
  } finally {
    end();
  }
}

/** What is loaded for the first licence. */
export const licences = { prepareLicence, fetchLicence, requestLicence };
