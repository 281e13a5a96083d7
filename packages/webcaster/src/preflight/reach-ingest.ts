import { explainUnreachable, GatecastError } from '@gatecast/token';
import type { CheckFinding } from './check-report.js';
import { findingOf } from './run-steps.js';

export interface ReachIngestOptions {
  readonly signal: AbortSignal;
  /** What a start would throw for a response; without it, the status says nothing about a start. */
  readonly errorOf?: ((response: Response) => GatecastError) | undefined;
  /** @defaultValue the page's own */
  readonly fetch?: typeof globalThis.fetch;
}

/** `Accept-Post` of an endpoint of WHIP. */
const TAKES_OFFERS = /(?:^|[\s,])application\/sdp\s*(?:[;,]|$)/i;

const TAKES_POST = /(?:^|[\s,])POST\s*(?:,|$)/i;

/**
 * Is something at the address of the ingest? Requests without a token, which start no session. A WHIP endpoint responds to
 * OPTIONS with what it accepts, and that will do. Other servers get a HEAD request. WHIP has none, so most responses will do;
 * but nothing found, or a server that fails, would be the end of a start too. If the response is not readable by this page
 * (`no-cors`), it is enough that it came.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9725#section-4.2
 * @throws GatecastError `ingest-unreachable`; or the signal's reason.
 */
export async function reachIngest(endpoint: string, options: ReachIngestOptions): Promise<CheckFinding> {
  if (!/^https?:/i.test(endpoint))
    return unchecked('The server of this publisher cannot be reached without a start.');
  const { origin, pathname } = new URL(endpoint);
  const url = origin + pathname;
  const { errorOf } = options;
  const described = errorOf ? await request(url, 'OPTIONS', 'cors', options) : null;
  // Only where the header can be read: some servers respond to OPTIONS at each address.
  if (described?.ok && TAKES_OFFERS.test(described.headers.get('Accept-Post') ?? '')) return reached();
  const response = await request(url, 'HEAD', 'cors', options);
  if (response) return errorOf ? judge(response, described, errorOf) : reached();
  try {
    await send(url, 'HEAD', 'no-cors', options);
    return reached();
  } catch (cause) {
    options.signal.throwIfAborted();
    const error = new GatecastError('ingest-unreachable', 'The ingest is unreachable.', {
      hint: 'Check endpoint and the network.',
      retryable: true,
      cause,
    });
    throw await explainUnreachable(error, endpoint, options.signal);
  }
}

/** @param described - the response to OPTIONS, if the page may read it. */
function judge(
  response: Response,
  described: Response | null,
  errorOf: NonNullable<ReachIngestOptions['errorOf']>,
): CheckFinding {
  const { status } = response;
  if (status === 404 || status === 410) {
    // Many servers know no HEAD at an address that takes a POST. A preflight of CORS succeeds at any address.
    if (described?.ok && TAKES_POST.test(described.headers.get('Allow') ?? '')) return reached();
    if (described?.status === status) return findingOf(errorOf(response));
    return unchecked(`The ingest does not say whether it knows the stream (HTTP ${String(status)}).`);
  }
  // Busy: a start repeats its request.
  if (status === 503) return { ...findingOf(errorOf(response)), result: 'warning' };
  // A server without HEAD may say 501.
  if (status >= 500 && status !== 501) return findingOf(errorOf(response));
  if (response.ok && /^text\/html\b/i.test(response.headers.get('Content-Type') ?? ''))
    return unchecked('A web page responds at the address of the ingest.');
  return reached();
}

function reached(): CheckFinding {
  return { result: 'passed', code: 'ingest-ok', message: 'The ingest is reachable.' };
}

function unchecked(message: string): CheckFinding {
  return {
    result: 'skipped',
    code: 'ingest-unchecked',
    message,
    hint: 'Check endpoint and stream. A start shows it.',
  };
}

/** The response; `null` if this page gets none that it may read. @throws the signal's reason. */
async function request(
  url: string,
  method: string,
  mode: RequestMode,
  options: ReachIngestOptions,
): Promise<Response | null> {
  try {
    return await send(url, method, mode, options);
  } catch {
    options.signal.throwIfAborted();
    return null;
  }
}

function send(
  url: string,
  method: string,
  mode: RequestMode,
  { signal, fetch = globalThis.fetch.bind(globalThis) }: ReachIngestOptions,
): Promise<Response> {
  return fetch(url, {
    method,
    mode,
    credentials: 'omit',
    cache: 'no-store',
    referrerPolicy: 'no-referrer',
    signal,
  });
}
