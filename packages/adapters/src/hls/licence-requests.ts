import { GatecastError } from '@gatecast/token';
import type { LicenceContext, LicenceHls, LicenceHost, LicenceSetupArguments } from './licence-host.js';
import { takeOverXhr, type SendRequest } from './licence-xhr.js';
import { renewAhead } from './renew-licence.js';
import { requestLicence } from './request-licence.js';

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
  renewAhead(host, hls, context, (message) => fetchLicence(host, hls, url, context, message));
  takeOverXhr(xhr, url, sendWithToken(host, context));
  return setUp(host, hls, xhr, url, context, challenge);
}

async function setUp(
  { hooks: { licenseXhrSetup }, headersFor }: LicenceHost,
  hls: LicenceHls,
  ...[xhr, url, context, challenge]: LicenceSetupArguments
): Promise<Uint8Array | string | undefined> {
  const body = await licenseXhrSetup?.call(hls, xhr, url, context, challenge);
  if (!xhr.readyState) xhr.open('POST', url, true);
  for (const [name, value] of Object.entries(headersFor?.(url) ?? {})) xhr.setRequestHeader(name, value);
  return body ?? undefined;
}

/** Requests a licence for a session that hls.js does not know. */
function fetchLicence(
  host: LicenceHost,
  hls: LicenceHls,
  url: string,
  context: LicenceContext,
  message: Uint8Array,
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
      const data = xhr.response as ArrayBuffer;
      resolve(host.hooks.licenseResponseCallback?.call(hls, xhr, url, context) ?? data);
    };
    setUp(host, hls, xhr, url, context, message)
      .then((body) => {
        xhr.send((body ?? message) as string | Uint8Array<ArrayBuffer>);
      })
      .catch(reject);
  });
}

function sendWithToken(host: LicenceHost, { keyRequests, decryptdata }: LicenceContext): SendRequest {
  return async (request, body) => {
    try {
      return await send(host, request, body);
    } catch (error) {
      if (request.signal.aborted || host.signal?.aborted) return null;
      const failed = keyRequests[decryptdata.uri];
      if (failed) failed.requestErrors.length = ENOUGH_FAILURES;
      if (!host.onFailed(error, host.streamOf(request.url))) return null;
      const { status = 0 } = error instanceof GatecastError ? error : {};
      return { status, statusText: '', data: null };
    }
  };
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
export const licences = { prepareLicence, requestLicence };
