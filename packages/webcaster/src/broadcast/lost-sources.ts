import { delay, GatecastError, retryDelayMs, type Clock } from '@gatecast/token';
import type { TrackKind } from '../capture/capture-request.js';
import type { BroadcastDevice } from '../capture/device-list.js';
import type { SourceLoss } from '../capture/source-watch.js';
import type { DeviceLoss } from '../element/webcaster-options.js';
import type { BroadcastMedia } from './broadcast-media.js';

export interface LostSourcesOptions {
  readonly clock: Clock;
  /** A number in [0, 1). */
  readonly random: () => number;
  readonly media: BroadcastMedia;
  readonly deviceLoss: () => DeviceLoss;
  /** The device that a kind was opened from; `null` if the page gave the track. */
  readonly deviceOf: (kind: TrackKind) => BroadcastDevice | null;
  /** The devices of a kind that are connected now. */
  readonly listDevices: (kind: TrackKind) => Promise<readonly BroadcastDevice[]>;
  /** @throws GatecastError why the device cannot be used. */
  readonly reopen: (kind: TrackKind, deviceId: string, signal: AbortSignal) => Promise<void>;
  /** Begins or ends what is sent in place of the device. */
  readonly substitute: (kind: TrackKind, isNeeded: boolean) => void;
  readonly log: (type: string, details?: Record<string, unknown>) => void;
}

/** A source that was lost. */
class Loss {
  readonly controller = new AbortController();
  readonly error: GatecastError;
  /** The device to return to; `null` if only the page can give another track. */
  readonly device: BroadcastDevice | null;
  /** Has another device taken over? */
  isReplaced = false;
  /** Were devices connected since the last attempt began? */
  isHurried = false;
  onHurry: () => void = () => undefined;

  constructor(error: GatecastError, device: BroadcastDevice | null) {
    this.error = error;
    this.device = device;
  }
}

/** Devices that were lost in a preview or broadcast: reports it, sends something else, and returns to them. */
export class LostSources {
  readonly #options: LostSourcesOptions;
  readonly #losses = new Map<TrackKind, Loss>();

  constructor(options: LostSourcesOptions) {
    this.#options = options;
  }

  /** The error of a loss that lasts, the camera's first. */
  get error(): GatecastError | null {
    const losses = [this.#losses.get('video'), this.#losses.get('audio')];
    return losses.find((loss) => loss?.isReplaced === false)?.error ?? null;
  }

  /** The source of a kind gives no media any more. */
  lose(kind: TrackKind, how: SourceLoss): void {
    const { media, log, deviceOf, deviceLoss, substitute } = this.#options;
    const device = this.#losses.get(kind)?.device ?? deviceOf(kind);
    this.#forget(kind);
    const loss = new Loss(deviceLost(kind, how), device);
    this.#losses.set(kind, loss);
    log('device-lost', { kind, how });
    media.set(kind, 'lost', how === 'ended' ? 'device-ended' : 'device-muted');
    const mayReopen = how === 'ended' && device !== null;
    const maySwitch = mayReopen && deviceLoss() === 'switch';
    // A microphone that is held back sends silence by itself.
    const isSilent = kind === 'audio' && how === 'muted';
    if (deviceLoss() !== 'none' && !maySwitch && !isSilent) substitute(kind, true);
    if (mayReopen) void this.#findDevice(kind, loss, maySwitch);
  }

  /** A source that was held back gives media again. */
  back(kind: TrackKind): void {
    if (!this.#losses.has(kind)) return;
    this.#forget(kind);
    this.#options.substitute(kind, false);
    this.#options.media.set(kind, 'on', 'device-returned');
  }

  /** A source was opened or closed, as the page or the user wanted it. */
  reset(kind: TrackKind, isOpen: boolean): void {
    this.#forget(kind);
    if (isOpen) this.#options.media.set(kind, 'on', 'opened');
    else this.#options.media.set(kind, 'off', 'ended');
  }

  /** Devices were connected, or the page is visible again. */
  lookAgain(): void {
    for (const loss of this.#losses.values()) {
      loss.isHurried = true;
      loss.onHurry();
    }
  }

  #forget(kind: TrackKind): void {
    this.#losses.get(kind)?.controller.abort();
    this.#losses.delete(kind);
  }

  /** Looks for the device until it is back. With `maySwitch`, another one takes over meanwhile. */
  async #findDevice(kind: TrackKind, loss: Loss, maySwitch: boolean): Promise<void> {
    const { clock, random, substitute, listDevices } = this.#options;
    const { signal } = loss.controller;
    const stopListening = clock.onWake(() => this.lookAgain());
    signal.addEventListener('abort', stopListening, { once: true });
    const isOver = () => signal.aborted;
    for (let attempt = 1; ; attempt += 1) {
      loss.isHurried = false;
      const devices = await listDevices(kind);
      if (isOver()) return;
      const own = findDevice(devices, loss.device);
      let error = own ? await this.#open(kind, own, loss, 'on') : null;
      if (isOver()) return;
      const other = devices.find(({ id }) => id !== own?.id);
      if (maySwitch && !loss.isReplaced && other) {
        error = await this.#open(kind, other, loss, 'replaced');
        if (isOver()) return;
      }
      if (maySwitch && !loss.isReplaced && attempt === 1) substitute(kind, true);
      // Another device does its work, or another attempt would ask the user again.
      const isPatient = loss.isReplaced || error?.code === 'permission-denied';
      await this.#wait(
        isPatient ? null : retryDelayMs({ attempt, random: random(), service: 'origin' }),
        loss,
      );
      if (isOver()) return;
    }
  }

  /** Opens a device; returns why it failed, if it did. */
  async #open(
    kind: TrackKind,
    device: BroadcastDevice,
    loss: Loss,
    status: 'on' | 'replaced',
  ): Promise<GatecastError | null> {
    const { reopen, media, log } = this.#options;
    const { signal } = loss.controller;
    try {
      await reopen(kind, device.id, signal);
    } catch (cause) {
      if (signal.aborted || !(cause instanceof GatecastError)) return null;
      log('device-not-reopened', { kind, code: cause.code });
      return cause;
    }
    if (this.#losses.get(kind) !== loss) return null;
    loss.isReplaced = status === 'replaced';
    if (status === 'on') this.#forget(kind);
    media.set(kind, status, status === 'on' ? 'device-returned' : 'device-replaced');
    return null;
  }

  /** Waits until the time has passed, or devices were connected; `null` has no time. */
  async #wait(waitMs: number | null, loss: Loss): Promise<void> {
    if (loss.isHurried) return;
    const { signal } = loss.controller;
    const wait = new AbortController();
    const end = () => wait.abort();
    signal.addEventListener('abort', end, { once: true });
    loss.onHurry = end;
    const whenEnded = new Promise<void>((resolve) => {
      wait.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    if (waitMs === null) await whenEnded;
    else await delay(this.#options.clock, waitMs, wait.signal).catch(() => undefined);
    loss.onHurry = () => undefined;
    signal.removeEventListener('abort', end);
  }
}

/** The same device. Its id may change with the port that it is connected to. */
function findDevice(
  devices: readonly BroadcastDevice[],
  wanted: BroadcastDevice | null,
): BroadcastDevice | undefined {
  if (!wanted) return undefined;
  const named = wanted.label === '' ? undefined : devices.find(({ label }) => label === wanted.label);
  return devices.find(({ id }) => id === wanted.id) ?? named;
}

function deviceLost(kind: TrackKind, how: SourceLoss): GatecastError {
  const device = kind === 'video' ? 'The camera' : 'The microphone';
  return how === 'ended'
    ? new GatecastError('device-lost', `${device} is unavailable.`, {
        hint: 'Connect it again, or choose another one. The attribute device-loss says what viewers get meanwhile.',
        retryable: true,
      })
    : new GatecastError(
        'device-lost',
        `${device} gives no media: the system or another program holds it back.`,
        {
          hint: 'Check the switch of the device, the system’s privacy settings and other programs. The attribute device-loss says what viewers get meanwhile.',
          retryable: true,
        },
      );
}
