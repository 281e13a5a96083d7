import type { GatecastError } from '@gatecast/token';
import { withShownName, type Explained } from './finding.js';

/** Explains why a request of a long run has no token any longer. */
export function explainEnd({ code, message, hint }: GatecastError, stream: string): Explained {
  return {
    what: `The token ended during the check and was not renewed: ${code}. ${withShownName(message, stream)}`,
    change: hint ? withShownName(hint, stream) : 'Read the log of the token backend at this time.',
  };
}
