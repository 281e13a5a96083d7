import { GatecastError } from '@gatecast/token';

/** The typed form of an error when the element's code is loaded. */
export function loadError(cause: unknown): GatecastError {
  if (cause instanceof GatecastError) return cause;
  return new GatecastError('publisher-load-failed', 'The webcaster’s code could not be loaded.', {
    hint: 'Serve the chunks beside the module, and allow them in script-src.',
    retryable: true,
    cause,
  });
}
