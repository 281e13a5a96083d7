/**
 * What a connection shows: the video element itself, or a canvas, as with Media over QUIC (seen: 5.0.8). The double
 * decodes in a video element outside the page then, because the vendor's decoder is not copied.
 */
export class Picture {
  readonly video = document.createElement('video');
  readonly element: HTMLVideoElement | HTMLCanvasElement;
  #frame = 0;

  constructor(isCanvas: boolean) {
    this.element = isCanvas ? document.createElement('canvas') : this.video;
    this.video.playsInline = true;
    this.element.style.cssText = 'width:100%;height:100%';
    if (this.element instanceof HTMLCanvasElement) this.#draw(this.element);
  }

  /** The last frame stays. */
  stop(): void {
    cancelAnimationFrame(this.#frame);
    this.video.pause();
  }

  #draw(canvas: HTMLCanvasElement): void {
    const { videoWidth, videoHeight } = this.video;
    if (videoWidth > 0) {
      if (canvas.width !== videoWidth) Object.assign(canvas, { width: videoWidth, height: videoHeight });
      canvas.getContext('2d')?.drawImage(this.video, 0, 0);
    }
    this.#frame = requestAnimationFrame(() => this.#draw(canvas));
  }
}
