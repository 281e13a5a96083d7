import type { SecurePlayer } from '@gatecast/player';
import { redactText } from '@gatecast/token';
import { isRecord } from '../faults/merge-patch.js';
import { renewalReasons } from './renewal-reasons.js';
import type { TimelineRecord } from './timeline-record.js';

/** Records the tokens that a player fetched before the page listened to its events. */
export function addMissedTokens(player: Pick<SecurePlayer, 'diagnostics'>, record: TimelineRecord): void {
  const { events } = player.diagnostics();
  if (!Array.isArray(events)) return;
  // Diagnostics show the name of a stream without what may be a secret in it.
  const known = new Set(
    record.tokens.map(({ stream, expiresAtMs }) => `${redactText(stream)} ${String(expiresAtMs)}`),
  );
  const streams = new Map(record.tokens.map(({ stream }) => [redactText(stream), stream]));
  for (const event of events.filter(isRecord)) {
    const { type, stream, atMs, expiresAtMs } = event;
    const reason = renewalReasons.find((each) => each === event['reason']);
    if (type !== 'secure-token-refreshed' || !reason) continue;
    if (typeof stream !== 'string' || typeof atMs !== 'number') continue;
    const endsAtMs = typeof expiresAtMs === 'number' ? expiresAtMs : null;
    if (known.has(`${stream} ${String(endsAtMs)}`)) continue;
    record.addToken({
      stream: streams.get(stream) ?? stream,
      reason,
      startAtMs: atMs,
      expiresAtMs: endsAtMs,
    });
  }
}
