import { GatecastError } from '@gatecast/token';

/** An attribute or property that cannot be read, as a typed error. */
export function asInputError(error: unknown): GatecastError {
  if (error instanceof GatecastError) return error;
  return new GatecastError(
    'option-invalid',
    error instanceof Error ? error.message : 'An option cannot be read.',
    {
      hint: 'Correct the option that the message names.',
      cause: error,
    },
  );
}
