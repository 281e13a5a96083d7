import type { SecurePlayer } from '@gatecast/player';
import { isRecord } from '../../backend/qa/merge-patch.js';
import { reasons } from './describe-reason.js';
import type { TimelineRecord } from './timeline-record.js';

/** Records the tokens that a player fetched before the page listened to its events. */
export function addMissedTokens(player: Pick<SecurePlayer, 'diagnostics'>, record: TimelineRecord): void {
  const { events } = player.diagnostics();
  if (!Array.isArray(events)) return;
  const known = new Set(record.tokens.map(({ stream, expiresAtMs }) => `${stream} ${expiresAtMs}`));
  for (const event of events.filter(isRecord)) {
    const { type, stream, atMs, expiresAtMs } = event;
    const reason = reasons.find((each) => each === event['reason']);
    if (type !== 'secure-token-refreshed' || !reason) continue;
    if (typeof stream !== 'string' || typeof atMs !== 'number') continue;
    const endsAtMs = typeof expiresAtMs === 'number' ? expiresAtMs : null;
    if (known.has(`${stream} ${endsAtMs}`)) continue;
    record.addToken({ stream, reason, startAtMs: atMs, expiresAtMs: endsAtMs });
  }
}
