import { Problem } from '@gatecast/server';

/** Converts an error to a problem response. The text of an unexpected error is not sent: it may contain a token. */
export function answerError(error: Error): Response {
  const problem =
    error instanceof Problem ? error : new Problem('internal', 'Internal error in the demo server.');
  return problem.toResponse();
}
