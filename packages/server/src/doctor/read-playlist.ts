import { peekPlaylist } from '@gatecast/contract';
import type { Findings } from './finding.js';
import { textOf, type Visit } from './visit.js';

/** Reads a playlist as the player does. `null` if it is none; the findings then say why. */
export function readPlaylist(answer: Visit, base: string, findings: Findings) {
  const text = textOf(answer);
  const type = answer.headers.get('Content-Type') ?? '';
  if (answer.isCut) {
    findings.fault('The playlist is larger than 2 MiB.', 'Check that the address is that of a playlist.');
    return null;
  }
  try {
    const playlist = peekPlaylist(
      text,
      base,
      () => new RangeError('An address of the playlist is not a URL.'),
    );
    if (playlist.kind !== 'none') return playlist;
    findings.fault(
      playlist.isEmpty
        ? 'The playlist has no segments.'
        : `The response is not an HLS playlist${/html/i.test(type) || /^\s*</.test(text) ? ' but a web page' : ''}.`,
      playlist.isEmpty
        ? 'Check that the encoder sends.'
        : 'Check the address. A CDN or a sign-in may respond with a page and status 200.',
    );
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    findings.fault(error.message, 'Correct the addresses in the playlist.');
  }
  return null;
}
