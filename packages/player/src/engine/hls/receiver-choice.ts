import type { Cancel, Clock } from '@gatecast/token';

/** What of WebKit's media elements says where they play. */
export interface ReceiverMedia extends EventTarget {
  /** Are the browser's own controls shown? */
  readonly controls: boolean;
  readonly webkitCurrentPlaybackTargetIsWireless?: boolean;
}

export interface ReceiverChoiceOptions {
  readonly media: ReceiverMedia;
  readonly clock: Clock;
  /** Ends the watch. */
  readonly signal: AbortSignal;
  /** Opens the address and keeps it open. Resolves with the reason when it is refused, with `null` after the signal. */
  readonly open: (life: AbortSignal) => Promise<unknown>;
  /** Called when the address must be another one, because the last one has ended. */
  readonly onEnded: () => void;
  /** Called when receivers can be offered, and when not. */
  readonly onOffer: (isOffered: boolean) => void;
  readonly onRefused: (reason: unknown) => void;
}

/** WebKit's event; `availability` is `available` or `not-available`. */
type AvailabilityEvent = Event & { readonly availability?: string };

/** A viewer chooses a device within this time; a choice after it opens the address again. */
const CHOICE_MS = 120_000;

/** The page's own button is about to show the browser's list of receivers. */
export const RECEIVER_WANTED = 'receiverwanted';

/** Does another device play? */
export const isWireless = ({ webkitCurrentPlaybackTargetIsWireless: isRemote }: ReceiverMedia): boolean =>
  isRemote === true;

/**
 * Opens an address when the viewer chooses a receiver, and ends it when no receiver plays any longer. The browser's own controls do not
 * say when their list is shown: with them it is open while a receiver is in reach.
 *
 * @returns tries again after a refusal.
 */
export function watchReceiverChoice(options: ReceiverChoiceOptions): () => void {
  const { media, clock, signal, open, onEnded, onOffer, onRefused } = options;
  let life: AbortController | null = null;
  let isRefused = false;
  let cancelWait: Cancel = () => undefined;

  const close = (): void => {
    cancelWait();
    if (!life) return;
    life.abort();
    life = null;
    if (!signal.aborted) onEnded();
  };

  const begin = (): void => {
    cancelWait();
    if (life ?? isRefused) return;
    const own = new AbortController();
    life = own;
    void open(own.signal).then((reason) => {
      if (life !== own) return;
      isRefused = true;
      close();
      onOffer(false);
      onRefused(reason);
    });
  };

  const listen = (type: string, listener: (event: AvailabilityEvent) => void): void =>
    media.addEventListener(type, listener, { signal });
  listen(RECEIVER_WANTED, () => {
    begin();
    if (!isWireless(media)) cancelWait = clock.at(clock.now() + CHOICE_MS, close);
  });
  listen('webkitcurrentplaybacktargetiswirelesschanged', () => {
    if (isWireless(media)) begin();
    else close();
  });
  listen('webkitplaybacktargetavailabilitychanged', ({ availability }) => {
    if (isWireless(media)) return;
    if (availability !== 'available') close();
    else if (media.controls) begin();
  });
  signal.addEventListener('abort', close, { once: true });
  onOffer(true);
  return () => {
    if (!isRefused) return;
    isRefused = false;
    onOffer(true);
    if (isWireless(media)) begin();
  };
}
