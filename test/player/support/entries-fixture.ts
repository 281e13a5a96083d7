import type { PlayerSource } from '@gatecast/player';
import { backendOrigin, requestLog } from '../../support/backend.js';
import { mountPlayer } from './player-fixture.js';

export const NAMES = ['high', 'medium', 'low'];
export const BITRATES = [900, 450, 220];

/** The three renditions of the demo's stream, one entry each. */
export function threeEntries(change: Partial<PlayerSource> = {}): PlayerSource {
  return {
    entries: NAMES.map((name, index) => ({
      index,
      label: name,
      info: {
        bitrate: BITRATES[index] ?? 0,
        width: [1280, 854, 640][index] ?? 0,
        height: [720, 480, 360][index] ?? 0,
        framerate: 25,
      },
      hls: `${backendOrigin()}/live/demo-${name}.m3u8`,
    })),
    ...change,
  };
}

export function mountEntries(source: PlayerSource) {
  return mountPlayer({
    prepare: (player) => {
      player.removeAttribute('src');
      player.source = source;
    },
  });
}

/** Requests with the token of another stream. */
export async function wronglySigned(sinceMs: number) {
  const log = (await requestLog()).filter(
    (line) => line.atMs >= sinceMs && /^(playlist|init|segment|key)$/.test(line.kind),
  );
  return log.filter((line) => line.tokenStream !== line.stream);
}
