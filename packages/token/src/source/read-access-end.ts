import type { GatecastError } from '../errors.js';
import { isAccessEnd } from '../failure/access-end.js';
import { systemClock, type Clock } from '../time/clock.js';
import { accessEnd } from './access-end-error.js';
import { readText } from './read-body.js';
import { isRecord, responseTooLarge } from './response-faults.js';

/** Then nobody waits for it any longer, and the connection is free for another request. */
const LONGEST_READ_MS = 2000;
/** A problem document is one sentence and a few members. */
const LIMIT_BYTES = 16_384;

/**
 * Reads the problem document of a refusal, up to 16 KiB. A body that takes longer than two seconds is cancelled.
 *
 * @returns the error if it says that the access has ended; `null` for any other body.
 * @see https://www.rfc-editor.org/rfc/rfc9457
 */
export async function readAccessEnd(
  response: Response,
  clock: Clock = systemClock,
): Promise<GatecastError | null> {
  const reading = new AbortController();
  const cancel = clock.at(clock.now() + LONGEST_READ_MS, () => reading.abort());
  try {
    const options = { limitBytes: LIMIT_BYTES, tooLarge: responseTooLarge };
    const { signal } = reading;
    const body = response.body?.pipeThrough(new TransformStream<Uint8Array, Uint8Array>(), { signal });
    const problem: unknown = JSON.parse(await readText(new Response(body), options));
    if (!isRecord(problem)) return null;
    const { code: given, reason } = problem;
    // Servers before this code had another name for it.
    const code = given === 'too-many-streams' ? 'concurrent-limit' : given;
    return typeof code === 'string' && isAccessEnd(code) ? accessEnd(code, reason, response.status) : null;
  } catch {
    // A body that cannot be read says nothing.
    return null;
  } finally {
    cancel();
  }
}
