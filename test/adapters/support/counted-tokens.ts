import type { TokenOptions } from '@gatecast/adapters';
import type { TokenRequest, TokenResponse } from '@gatecast/token';
import { backendOrigin, type LogEntry } from '../../support/backend.js';

const isRefusal = ({ status }: LogEntry): boolean => status === 401 || status === 403;

/** The requests of one player that were refused, and how each was repeated. */
interface Refused {
  readonly refused: number;
  /** Paths that were not requested again exactly once with the new token, and accepted. */
  readonly wronglyRepeated: readonly string[];
}

/** A token source of one player alone, which counts: the log of the origin then tells players apart by their tokens. */
export class CountedTokens {
  /** Why tokens were requested, in order. */
  readonly reasons: string[] = [];
  /** The last characters of each token, as the log has them. */
  readonly #tails: string[] = [];

  readonly options: TokenOptions = {
    tokenSource: async (request: TokenRequest, { signal }) => {
      this.reasons.push(request.reason);
      const response = await fetch(`${backendOrigin()}/api/tokens`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(request),
        signal,
      });
      const answer = (await response.json()) as TokenResponse;
      for (const { token } of answer.tokens) if (typeof token === 'string') this.#tails.push(token.slice(-6));
      return answer;
    },
  };

  /** Was it sent with one of these tokens? */
  has({ tokenTail }: LogEntry): boolean {
    return this.#tails.some((tail) => tail === tokenTail);
  }

  /** What became of the requests in a log that had the last but one token. */
  refused(log: readonly LogEntry[]): Refused {
    const [before, after] = this.#tails.slice(-2);
    const media = log.filter(({ kind }) => kind !== 'token');
    const refused = media.filter((entry) => entry.tokenTail === before && isRefusal(entry));
    const wronglyRepeated = refused
      .map(({ path }) => path)
      .filter((path) => {
        const statuses = media
          .filter((entry) => entry.path === path && entry.tokenTail === after)
          .map(({ status }) => status);
        // A live playlist is requested again and again.
        return path.endsWith('.m3u8') || path.endsWith('.mpd')
          ? statuses[0] !== 200
          : statuses.join() !== '200';
      });
    return { refused: refused.length, wronglyRepeated };
  }
}
