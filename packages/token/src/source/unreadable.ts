import { GatecastError } from '../errors.js';

/** The error for a `Response` of the page whose body cannot be read. */
export function unreadable({ status, type }: Response): GatecastError {
  // A status of 0: the browser hides the response.
  const why = status === 0 ? `its type is "${type}"` : 'its body has been read already';
  return new GatecastError('token-response-invalid', `The Response of tokenSource cannot be read: ${why}.`, {
    hint: 'Return the Response before its body is read, or return what was read. Do not fetch with mode: "no-cors" or redirect: "manual".',
  });
}
