import { GatecastError } from '@gatecast/token';
import type { WayPlayback } from './way-host.js';

/**
 * Keeps what is only tried from the tokens of what plays: they are used, but no refusal costs the backend a request for another one, and
 * the page hears of no token twice.
 *
 * @returns a function that ends this
 */
export function quieten({ tokens }: Pick<WayPlayback, 'tokens'>): () => void {
  const { streams, rejected } = tokens;
  tokens.setStreams([]);
  tokens.rejected = () =>
    Promise.reject(
      new GatecastError('token-rejected', 'The server refuses the token that another one accepts.', {
        hint: 'Check that both servers check tokens by the same rules.',
        retryable: true,
      }),
    );
  return () => {
    tokens.rejected = (...refused) => rejected.apply(tokens, refused);
    tokens.setStreams(streams);
  };
}
