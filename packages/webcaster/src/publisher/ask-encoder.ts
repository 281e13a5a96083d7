import { rankProfiles, type ListedCodec } from './rank-profiles.js';

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

/** What the browser is asked by. */
export interface EncoderTools {
  /** The codecs that it can send. @defaultValue those of `RTCRtpSender` */
  readonly codecs?: readonly ListedCodec[];
  /** @defaultValue that of `navigator.mediaCapabilities` */
  readonly encodingInfo?: (
    configuration: MediaEncodingConfiguration,
  ) => Promise<Pick<MediaCapabilitiesEncodingInfo, 'supported' | 'smooth' | 'powerEfficient'>>;
}

const UNKNOWN: EncoderAbility = { isSupported: null, isSmooth: null, isPowerEfficient: null };

/**
 * Asks the browser how well it encodes a picture with a codec, in the profile that is offered first: some encoders of the hardware
 * have only one.
 *
 * @param codec - such as `h264`.
 * @see https://www.w3.org/TR/media-capabilities/#dom-mediaencodingtype-webrtc
 */
export async function askEncoder(
  codec: string,
  wish: PictureWish,
  { codecs = listedCodecs(), encodingInfo = askBrowser }: EncoderTools = {},
): Promise<EncoderAbility> {
  const { width, height, framerate, videoBitrateKbps } = wish;
  const picture = { width, height, bitrate: videoBitrateKbps * 1000, framerate };
  const ask = async (contentType: string): Promise<EncoderAbility> => {
    try {
      const info = await encodingInfo({ type: 'webrtc', video: { contentType, ...picture } });
      if (!info.supported) return { ...UNKNOWN, isSupported: false };
      return { isSupported: true, isSmooth: info.smooth, isPowerEfficient: info.powerEfficient };
    } catch {
      // Without the API, or without its type for WebRTC.
      return UNKNOWN;
    }
  };
  const name = `video/${codec.toUpperCase()}`;
  const parameters = rankProfiles(codecs, codec)[0]?.sdpFmtpLine;
  if (!parameters) return ask(name);
  const ability = await ask(`${name};${parameters}`);
  // A browser that does not know the parameters may know the name.
  return ability.isSupported ? ability : ask(name);
}

function listedCodecs(): readonly ListedCodec[] {
  return typeof RTCRtpSender === 'undefined' ? [] : (RTCRtpSender.getCapabilities('video')?.codecs ?? []);
}

function askBrowser(configuration: MediaEncodingConfiguration): Promise<MediaCapabilitiesEncodingInfo> {
  return navigator.mediaCapabilities.encodingInfo(configuration);
}
