/** What the browser says about an encoder. `null` if it does not say. */
export interface EncoderAbility {
  readonly isSupported: boolean | null;
  /** Can it encode so many pixels per second in time? */
  readonly isSmooth: boolean | null;
  /** By hardware, or cheaply enough? */
  readonly isPowerEfficient: boolean | null;
}

/** What is to be encoded. */
export interface PictureWish {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** Frames per second. */
  readonly framerate: number;
  readonly videoBitrateKbps: number;
}

const UNKNOWN: EncoderAbility = { isSupported: null, isSmooth: null, isPowerEfficient: null };

/**
 * Asks the browser how well it encodes a picture with a codec.
 *
 * @param codec - such as `h264`.
 * @see https://www.w3.org/TR/media-capabilities/#dom-mediaencodingtype-webrtc
 */
export async function askEncoder(codec: string, wish: PictureWish): Promise<EncoderAbility> {
  const { width, height, framerate, videoBitrateKbps } = wish;
  try {
    const info = await navigator.mediaCapabilities.encodingInfo({
      type: 'webrtc',
      video: {
        contentType: `video/${codec.toUpperCase()}`,
        width,
        height,
        bitrate: videoBitrateKbps * 1000,
        framerate,
      },
    });
    if (!info.supported) return { ...UNKNOWN, isSupported: false };
    return { isSupported: true, isSmooth: info.smooth, isPowerEfficient: info.powerEfficient };
  } catch {
    // Without the API, or without its type for WebRTC.
    return UNKNOWN;
  }
}
