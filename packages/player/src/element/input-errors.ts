import { GatecastError } from '@gatecast/token';

/** An attribute or property that cannot be read, as a typed error. */
export function asInputError(error: unknown): GatecastError {
  if (error instanceof GatecastError) return error;
  return new GatecastError(
    'option-invalid',
    error instanceof Error ? error.message : 'An option cannot be read.',
    {
      hint: 'Correct the attribute or property that the message names.',
      cause: error,
    },
  );
}

export function missingSource(): GatecastError {
  return new GatecastError('source-missing', 'There is nothing to play.', {
    hint: 'Set src to the address of an HLS playlist, add <source> children, or set the source property.',
  });
}
