import { GatecastError } from '@gatecast/token';

/** Whatever was thrown as a typed error; what nobody has foreseen is `publisher-failed`. */
export function toGatecastError(cause: unknown): GatecastError {
  if (cause instanceof GatecastError) return cause;
  return new GatecastError('publisher-failed', 'The broadcast failed for a reason that was not foreseen.', {
    hint: 'See the cause.',
    cause,
  });
}
