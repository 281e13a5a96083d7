import { explainUnreachable, GatecastError } from '@gatecast/token';
import type { CheckFinding } from './check-report.js';

/**
 * Is something at the address of the ingest? A HEAD request without a token: it starts no session, and any response will
 * do. It may not be readable by this page (`no-cors`), but then it came.
 *
 * @throws GatecastError `ingest-unreachable`; or the signal's reason.
 */
export async function reachIngest(endpoint: string, signal: AbortSignal): Promise<CheckFinding> {
  if (!/^https?:/i.test(endpoint))
    return {
      result: 'skipped',
      code: 'not-used',
      message: 'The server of this publisher cannot be reached without a start.',
    };
  try {
    const { origin, pathname } = new URL(endpoint);
    await fetch(origin + pathname, {
      method: 'HEAD',
      mode: 'no-cors',
      credentials: 'omit',
      cache: 'no-store',
      referrerPolicy: 'no-referrer',
      signal,
    });
    return { result: 'passed', code: 'ingest-ok', message: 'The ingest is reachable.' };
  } catch (cause) {
    signal.throwIfAborted();
    const error = new GatecastError('ingest-unreachable', 'The ingest is unreachable.', {
      hint: 'Check endpoint and the network.',
      retryable: true,
      cause,
    });
    throw await explainUnreachable(error, endpoint, signal);
  }
}
