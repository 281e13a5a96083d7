import type { GatecastError } from '../errors.js';
import { isAccessEnd } from '../failure/access-end.js';
import { accessEnd } from './access-end-error.js';
import { readText } from './read-body.js';
import { isRecord, responseTooLarge } from './response-faults.js';

/** A problem document is one sentence and a few members. */
const LIMIT_BYTES = 16_384;

/**
 * Reads the problem document of a refusal, up to 16 KiB.
 *
 * @returns the error if it says that the access has ended; `null` for any other body.
 * @see https://www.rfc-editor.org/rfc/rfc9457
 */
export async function readAccessEnd(response: Response): Promise<GatecastError | null> {
  try {
    const options = { limitBytes: LIMIT_BYTES, tooLarge: responseTooLarge };
    const problem: unknown = JSON.parse(await readText(response, options));
    if (!isRecord(problem)) return null;
    const { code: given, reason } = problem;
    // Servers before this code had another name for it.
    const code = given === 'too-many-streams' ? 'concurrent-limit' : given;
    return typeof code === 'string' && isAccessEnd(code) ? accessEnd(code, reason, response.status) : null;
  } catch {
    // A body that cannot be read says nothing.
    return null;
  }
}
