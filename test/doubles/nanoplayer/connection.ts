import { Picture } from './picture.js';

export interface ConnectionOptions {
  readonly address: string;
  readonly isCanvas: boolean;
  readonly isMuted: boolean;
  readonly volume: number;
  /** Plays muted where the browser refuses sound. */
  readonly automutes: boolean;
  readonly onOpen?: () => void;
  readonly onPlaying: () => void;
  readonly onMuted: () => void;
  readonly onBlocked: () => void;
  readonly onClosed: (code: number, wasOpen: boolean) => void;
  /** The server reports something for information, with its code. */
  readonly onNotice: (code: number) => void;
  /** The source stream has been stopped. */
  readonly onStopped: () => void;
}

/** Text messages of the double's server. */
type ServerMessage =
  | { readonly mimeType: string; readonly startS: number }
  | { readonly notice: number }
  | { readonly stopped: true };

/** One WebSocket and what it plays. */
export class Connection {
  readonly picture: Picture;
  readonly #options: ConnectionOptions;
  readonly #socket: WebSocket;
  #buffer: SourceBuffer | null = null;
  #queue: ArrayBuffer[] = [];
  #isOpen = false;
  #isOver = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.picture = new Picture(options.isCanvas);
    const { video } = this.picture;
    video.muted = options.isMuted;
    video.volume = options.volume;
    video.addEventListener('playing', () => this.#isOver || options.onPlaying(), { once: true });
    this.#socket = new WebSocket(options.address);
    this.#socket.binaryType = 'arraybuffer';
    this.#socket.addEventListener('open', () => {
      this.#isOpen = true;
      if (!this.#isOver) options.onOpen?.();
    });
    this.#socket.addEventListener('message', ({ data }: MessageEvent<string | ArrayBuffer>) => {
      if (this.#isOver) return;
      if (typeof data === 'string') this.#read(JSON.parse(data) as ServerMessage);
      else {
        this.#queue.push(data);
        this.#append();
      }
    });
    this.#socket.addEventListener('close', ({ code }) => {
      if (!this.#isOver) options.onClosed(code, this.#isOpen);
    });
  }

  close(): void {
    this.#isOver = true;
    this.#socket.close();
    this.picture.stop();
  }

  #read(message: ServerMessage): void {
    if ('notice' in message) this.#options.onNotice(message.notice);
    else if ('stopped' in message) this.#options.onStopped();
    else this.#start(message);
  }

  #start({ mimeType, startS }: { mimeType: string; startS: number }): void {
    const { video } = this.picture;
    const source = new MediaSource();
    video.disableRemotePlayback = true;
    video.src = URL.createObjectURL(source);
    source.addEventListener('sourceopen', () => {
      if (this.#isOver) return;
      URL.revokeObjectURL(video.src);
      this.#buffer = source.addSourceBuffer(mimeType);
      this.#buffer.timestampOffset = -startS;
      this.#buffer.addEventListener('updateend', () => this.#append());
      this.#append();
      this.#play();
    });
  }

  #play(): void {
    const { video } = this.picture;
    video.play().catch((error: unknown) => {
      if (!(error instanceof DOMException) || error.name !== 'NotAllowedError') return;
      const { automutes, onMuted, onBlocked } = this.#options;
      if (!automutes || video.muted) {
        onBlocked();
        return;
      }
      video.muted = true;
      onMuted();
      this.#play();
    });
  }

  #append(): void {
    if (!this.#buffer || this.#buffer.updating || this.#isOver) return;
    const next = this.#queue.shift();
    if (next) this.#buffer.appendBuffer(next);
  }
}
