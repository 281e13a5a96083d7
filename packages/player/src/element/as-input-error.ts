import { GatecastError } from '@gatecast/token';

/** The typed error for an attribute or property with an invalid value. */
export function asInputError(error: unknown): GatecastError {
  if (error instanceof GatecastError) return error;
  return new GatecastError(
    'option-invalid',
    error instanceof Error ? error.message : 'An attribute or property has an invalid value.',
    {
      hint: 'Correct the attribute or property that the message names.',
      cause: error,
    },
  );
}
