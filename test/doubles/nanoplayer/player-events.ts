import type { PlayerConfig } from './player-config.js';

/** State numbers in events. Documentation only. */
const states = {
  Ready: 3,
  Loading: 4,
  Play: 5,
  Pause: 6,
  PlaybackError: 12,
  ReconnectionImminent: 13,
  SourceStreamStopped: 19,
} as const;

const pauseStates: Readonly<Record<string, number>> = {
  playbackerror: states.PlaybackError,
  reconnectionimminent: states.ReconnectionImminent,
  sourcestreamstopped: states.SourceStreamStopped,
};

/** Calls the listeners of `config.events`. */
export class PlayerEvents {
  readonly #player: string;
  readonly #version: string;
  readonly #id = String(Math.floor(Math.random() * 1e10));
  #listeners: PlayerConfig['events'];
  #state = 1;

  constructor(player: string, version: string) {
    this.#player = player;
    this.#version = version;
  }

  listen(listeners: PlayerConfig['events']): void {
    this.#listeners = listeners;
  }

  stop(): void {
    this.#listeners = undefined;
  }

  /** @param name - without `on` */
  fire(name: string, data: Readonly<Record<string, unknown>>): void {
    if (name === 'Pause') this.#state = pauseStates[String(data['reason'])] ?? states.Pause;
    else if (name === 'Ready' || name === 'Loading' || name === 'Play') this.#state = states[name];
    const [player, version, id, state] = [this.#player, this.#version, this.#id, this.#state];
    this.#listeners?.[`on${name}`]?.({ name, player, id, version, data, state });
  }

  /** An error that ends playback: the pause follows at once. Seen: 5.0.8. */
  fail(code: number, reason: string): void {
    this.fire('Error', { code, message: `error ${code}` });
    this.fire('Pause', { reason });
  }
}
