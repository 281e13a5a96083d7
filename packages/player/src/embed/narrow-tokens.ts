import { placeParts } from '@gatecast/contract';
import { GatecastError, type TokenAnswer } from '@gatecast/token';
import { allowedSource, type EmbedSettings } from './embed-settings.js';

/** Texts that are read as JSON. Any other is the token itself. */
const JSON_TEXT = /^(?:[{["]|(?:null|true|false|undefined)$)/;

/**
 * Reads a token response of the page around the frame, as far as the embed page allows it. That page may name tokens, but no
 * other addresses than `allowedSources` has, and no request header besides those of `allowedHeaders`. Playlists and media in
 * the response are left out: the player loads them from the allowed address.
 *
 * @param body - of a response with the status 200.
 * @param streams - names in the request.
 * @throws GatecastError `source-origin-not-allowed` or `token-response-invalid`, which are final.
 */
export function narrowTokens(
  body: string,
  streams: readonly string[],
  settings: EmbedSettings,
  base: string,
): TokenAnswer {
  const text = body.trim();
  if (!JSON_TEXT.test(text)) return checkToken(text);
  const root = { token: parse(text) };
  const open: unknown[] = [root];
  while (open.length > 0) {
    const each = open.pop();
    if (!isFields(each)) continue;
    for (const [name, value] of Object.entries(each)) {
      if (each === root.token && (name === 'playlists' || name === 'media'))
        Reflect.deleteProperty(each, name);
      else if (name === 'headers') checkHeaders(value, settings);
      else if (typeof value !== 'string') open.push(value);
      else if (name === 'url') each[name] = checkUrl(value, settings, base);
      else if (name === 'path') checkPath(value, streams, settings, base);
      else if (/token$/i.test(name)) checkToken(value);
    }
  }
  return root.token as TokenAnswer;
}

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refused('is not valid JSON', 'Check what the tokenSource of that page returns.');
  }
}

/** A player that has its token in the path would leave the folder. */
function checkToken(token: string): string {
  if (/(?:^|\/)\.{1,2}(?:[/;]|$)/.test(token))
    throw refused('has a token with dot segments', 'Check what the tokenSource of that page returns.');
  return token;
}

/** As it is written, because it may be signed. */
function checkUrl(url: string, settings: EmbedSettings, base: string): string {
  const href = allowedSource(url, settings, base);
  return /^https?:\/\/[^/]/i.test(url) ? url : href;
}

/** No folder may be left, whichever of them the stream is in. */
function checkPath(path: string, streams: readonly string[], settings: EmbedSettings, base: string): void {
  const names = [...streams.map(encodeURIComponent), 'x'];
  for (const { href } of settings.sources)
    for (const stream of streams) {
      const target = { stream, isEntry: false, placeToken: () => null, isOwnField: () => false };
      for (const name of names)
        allowedSource(placeParts(target, href + name, [{ path }])?.url ?? '', settings, base);
    }
}

function checkHeaders(headers: unknown, { headers: allowed }: EmbedSettings): void {
  const names = isFields(headers) ? Object.keys(headers) : [];
  const stranger = names.find((name) => !allowed.has(name.toLowerCase()));
  if (stranger === undefined) return;
  throw refused(
    `sets the request header "${stranger.slice(0, 60)}", which the embed page does not allow`,
    'Add its name to allowedHeaders of the embed page.',
  );
}

function refused(what: string, hint: string): GatecastError {
  const message = `The token response of the page around the player ${what}.`;
  return new GatecastError('token-response-invalid', message, { hint });
}
