import { redactText } from '@gatecast/token';

/** One line about an error that no code expects, without secrets. */
export function describeUnexpected(error: unknown): string {
  return error instanceof Error ? redactText(`${error.name}: ${error.message}`) : 'unknown error';
}
