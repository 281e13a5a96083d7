import type { SecurePlayer } from '@gatecast/player';
import type { FaultCase } from '../cases/fault-case.js';
import { defaultTokenTtlSeconds } from '../cases/defaults.js';
import type { PlayerAddresses } from '../origin/player-servers.js';
import type { PlayerOutcome } from '../report/case-outcome.js';
import { PlainPlayer } from './plain-player.js';
import { PlayMeter } from './play-meter.js';

const sampleMs = 100;

/** A media element or our player. */
type Player = Pick<HTMLVideoElement, 'currentTime' | 'seekable' | 'play' | 'pause'>;

/** Addresses of both players, each with servers of its own. */
export interface CaseAddresses {
  readonly ours: PlayerAddresses;
  readonly control: PlayerAddresses;
}

function mountOurs({ src, tokenUrl }: PlayerAddresses, { name, waits = false }: FaultCase): SecurePlayer {
  const player = document.createElement('secure-player');
  player.setAttribute('src', src);
  player.setAttribute('token-url', tokenUrl);
  player.title = name;
  player.toggleAttribute('wait', waits);
  for (const name of ['muted', 'autoplay']) player.toggleAttribute(name, true);
  return player;
}

/** Our player and the control of one case. */
export class CasePlayers {
  readonly #ours: SecurePlayer;
  readonly #control: PlainPlayer;
  readonly #meters: { readonly ours: PlayMeter; readonly control: PlayMeter };
  readonly #errors: string[] = [];
  readonly #tokenErrors: string[] = [];
  readonly #timer: number;

  constructor(faultCase: FaultCase, addresses: CaseAddresses) {
    const { name, tokenTtlSeconds: ttlSeconds = defaultTokenTtlSeconds } = faultCase;
    this.#ours = mountOurs(addresses.ours, faultCase);
    this.#ours.addEventListener('secure-error', ({ error }) => this.#errors.push(error.code));
    this.#ours.addEventListener('secure-token-failed', ({ error }) => this.#tokenErrors.push(error.code));
    this.#control = new PlainPlayer(addresses.control, { stream: name, ttlSeconds });
    document.body.append(this.#ours, this.#control.video);
    const nowMs = performance.now();
    this.#meters = {
      ours: new PlayMeter(this.#ours, nowMs),
      control: new PlayMeter(this.#control.video, nowMs),
    };
    this.#timer = window.setInterval(() => this.#sample(), sampleMs);
  }

  /** Whether both have played so much, in milliseconds of media. */
  havePlayed(ms: number): boolean {
    return this.#meters.ours.playedMs >= ms && this.#meters.control.playedMs >= ms;
  }

  /** Whether each has played for so long without a stall. */
  areSteady(ms: number): boolean {
    const nowMs = performance.now();
    return Object.values(this.#meters).every((meter) => meter.steadyMs(nowMs) >= ms);
  }

  pause(): void {
    this.#ours.pause();
    this.#control.video.pause();
  }

  play(): void {
    const players: Player[] = [this.#ours, this.#control.video];
    for (const player of players) void player.play().catch(() => undefined);
  }

  outcome(beganMs: number, endedMs: number): { ours: PlayerOutcome; control: PlayerOutcome } {
    this.#sample();
    const read = (player: Player, meter: PlayMeter) => ({
      backMs: meter.backAfter(endedMs),
      stalledMs: Math.round(meter.stalledMs(beganMs, performance.now())),
      rewinds: meter.rewinds,
      behindS: behind(player),
    });
    return {
      ours: {
        ...read(this.#ours, this.#meters.ours),
        errors: this.#errors,
        tokenErrors: [...new Set(this.#tokenErrors)],
      },
      control: {
        ...read(this.#control.video, this.#meters.control),
        errors: this.#control.errors,
        tokenErrors: [],
      },
    };
  }

  close(): void {
    clearInterval(this.#timer);
    this.#ours.remove();
    this.#control.close();
  }

  #sample(): void {
    const nowMs = performance.now();
    for (const meter of Object.values(this.#meters)) meter.sample(nowMs);
  }
}

function behind({ seekable, currentTime }: Player): number | null {
  if (seekable.length === 0) return null;
  return Math.round((seekable.end(seekable.length - 1) - currentTime) * 10) / 10;
}
