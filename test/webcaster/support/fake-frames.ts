/** A frame of a fake camera; a page or browser may close it. */
export class FakeFrame {
  readonly displayWidth = 640;
  readonly displayHeight = 360;
  isClosed = false;
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  close(): void {
    this.isClosed = true;
  }
}

/** A track whose frames the test gives. */
export class FakeVideoTrack extends EventTarget {
  readonly kind = 'video';
  readyState = 'live';
  contentHint = '';
  isRead = false;
  #give: (frame: FakeFrame) => void = () => undefined;
  readonly readable = new ReadableStream<FakeFrame>({
    start: (controller) => {
      this.#give = (frame) => controller.enqueue(frame);
    },
    cancel: () => {
      this.isRead = false;
    },
  });

  give(frame: FakeFrame): void {
    this.#give(frame);
  }
}

/** Puts insertable streams and canvases into the global scope, as Chromium has them. */
export function fakeFrames(): {
  drawn: unknown[][];
  breakCanvas: () => void;
  measured: () => number;
  restore: () => void;
} {
  let measured = 0;
  const drawn: unknown[][] = [];
  let current: unknown[] = [];
  let brokenCanvas: unknown = null;
  const canvases: unknown[] = [];
  class Canvas {
    readonly #context: Record<string, unknown>;

    constructor(
      public width: number,
      public height: number,
    ) {
      canvases.push(this);
      this.#context = {
        canvas: this,
        globalAlpha: 1,
        fillRect: () => undefined,
        fillText: (text: unknown) => current.push(text),
        measureText: (text: string) => {
          measured += 1;
          return { width: text.length };
        },
        drawImage: (image: { isClosed?: boolean; name?: string }) => {
          if (image.isClosed) throw new DOMException('The image source is detached.', 'InvalidStateError');
          current.push(image.name);
        },
      };
    }

    getContext(): unknown {
      return this.#context;
    }
  }
  class Frame {
    readonly timestamp = 0;

    constructor(canvas: unknown) {
      const shown = current;
      current = [];
      if (canvas === brokenCanvas) throw new DOMException('The canvas is not readable.', 'SecurityError');
      drawn.push(shown);
    }
  }
  const fakes = {
    OffscreenCanvas: Canvas,
    VideoFrame: Frame,
    MediaStreamTrackProcessor: class {
      readonly readable: ReadableStream<FakeFrame>;

      constructor({ track }: { track: FakeVideoTrack }) {
        if (track.readyState === 'ended') throw new TypeError('Input track cannot be ended.');
        track.isRead = true;
        this.readable = track.readable;
      }
    },
    MediaStreamTrackGenerator: class {
      readonly writable = new WritableStream(undefined, { highWaterMark: 100 });
      stop(): void {
        // Nothing to release.
      }
    },
  };
  const before = Object.keys(fakes).map(
    (name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const,
  );
  for (const [name, value] of Object.entries(fakes))
    Object.defineProperty(globalThis, name, { configurable: true, writable: true, value });
  return {
    drawn,
    measured: () => measured,
    breakCanvas: () => {
      brokenCanvas = canvases.at(-1);
    },
    restore: () => {
      for (const [name, descriptor] of before)
        if (descriptor) Object.defineProperty(globalThis, name, descriptor);
        else Reflect.deleteProperty(globalThis, name);
    },
  };
}
