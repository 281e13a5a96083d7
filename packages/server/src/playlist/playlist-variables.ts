import { Problem } from '../http/problem.js';
import { readAttributes } from './attribute-list.js';
import { playlistTooLarge, type PlaylistLimits } from './playlist-limits.js';

const VARIABLE = /\{\$([\w-]+)\}/g;

/**
 * The variables of one playlist. Their number, their length and the length of a text with replaced variables are limited,
 * because a short line can name a long value many times.
 *
 * @see RFC 8216bis section 4.4.2.3
 */
export class PlaylistVariables {
  readonly #base: URL;
  readonly #limits: PlaylistLimits;
  readonly #values = new Map<string, string>();
  /** Variables whose value the player chooses, in the URL that it requests. */
  readonly #fromQuery = new Set<string>();

  /** @param base - URL of the playlist, for `QUERYPARAM`. */
  constructor(base: URL, limits: PlaylistLimits) {
    this.#base = base;
    this.#limits = limits;
  }

  /**
   * Reads an `EXT-X-DEFINE` line. `IMPORT` is not supported.
   *
   * @throws Problem `playlist-too-large`
   */
  define(line: string): void {
    const given = new Map<string, string>();
    for (const { name, value, isQuoted } of readAttributes(line)) {
      if (isQuoted && !given.has(name)) given.set(name, value);
    }
    const name = given.get('NAME');
    const parameter = given.get('QUERYPARAM');
    if (name !== undefined) this.#set(name, given.get('VALUE') ?? '');
    if (parameter === undefined) return;
    this.#fromQuery.add(parameter);
    this.#set(parameter, this.#base.searchParams.get(parameter) ?? '');
  }

  /** @throws Problem `playlist-too-large`; `playlist-unsupported` for a variable that the playlist does not define */
  substitute(text: string): string {
    const { maxUrlLength } = this.#limits;
    let length = text.length;
    return text.replace(VARIABLE, (whole, name: string) => {
      const value = this.#values.get(name);
      if (value === undefined) {
        throw new Problem(
          'playlist-unsupported',
          'A URL of the playlist has a variable that the playlist does not define.',
        );
      }
      length += value.length - whole.length;
      if (length > maxUrlLength)
        throw playlistTooLarge(`has a URL of more than ${String(maxUrlLength)} characters`);
      return value;
    });
  }

  /** The text without the variables whose value the player chooses, or `null` if it has none of them. */
  withoutQueryVariables(text: string): string | null {
    const plain = text.replace(VARIABLE, (whole, name: string) => (this.#fromQuery.has(name) ? '' : whole));
    return plain === text ? null : plain;
  }

  #set(name: string, value: string): void {
    const { maxVariables, maxVariableLength } = this.#limits;
    if (name.length > maxVariableLength || value.length > maxVariableLength)
      throw playlistTooLarge(`has a variable of more than ${String(maxVariableLength)} characters`);
    this.#values.set(name, value);
    if (this.#values.size > maxVariables)
      throw playlistTooLarge(`has more than ${String(maxVariables)} variables`);
  }
}
