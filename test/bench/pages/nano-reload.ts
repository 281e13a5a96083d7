import { readSettings } from './bench-settings.js';
import { nanoSource } from './nano-settings.js';

// The double of the vendor's player, without Gatecast. The page renews a token by replacing the player.

interface NanoPlayer {
  setup(config: object): Promise<unknown>;
  destroy(): void;
}

declare const NanoPlayer: new (elementId: string) => NanoPlayer;

const settings = readSettings();
let player: NanoPlayer | undefined;

async function fetchSecurity(): Promise<object> {
  const response = await fetch(settings.tokenUrl, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ purpose: 'playback', streams: [settings.stream], reason: 'initial' }),
  });
  const { tokens } = (await response.json()) as { tokens: { security: object }[] };
  return tokens[0]?.security ?? {};
}

async function setUp(): Promise<void> {
  // Fetched while the old player still plays, so that only the reload interrupts playback.
  const source = nanoSource(settings, await fetchSecurity());
  player?.destroy();
  player = new NanoPlayer('player');
  await player.setup({ source, playback: { autoplay: true, muted: true } });
}

await setUp();
if (settings.renewEveryMs !== undefined) setInterval(() => void setUp(), settings.renewEveryMs);
