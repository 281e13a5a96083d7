import type { TokenFunction, TokenValue } from '@gatecast/token';
import { LitElement } from 'lit';
import { property } from 'lit/decorators.js';
import type { AudioMode, CaptureKind } from '../capture/capture-request.js';
import type { PictureLayout } from '../composition/layout-names.js';
import type { Overlays } from '../composition/overlay.js';
import type { DegradationSetting } from '../publisher/broadcast-target.js';
import type { VideoCodec } from '../publisher/video-codecs.js';
import type { PublisherName } from '../publisher/registry.js';
import type { DeviceLoss, WebcasterOptions } from './webcaster-options.js';

/** The settings of `<secure-webcaster>`: its attributes and properties. */
export class WebcasterElement extends LitElement implements WebcasterOptions {
  /** How to publish. It applies from the next start on, as all settings of the target do. */
  @property() publisher: PublisherName = 'whip';
  /** WHIP URL, or the vendor's server. `{stream}` is replaced by the name of the stream. */
  @property() endpoint: string | null = null;
  /** Name of the stream that tokens are requested for. @defaultValue the last part of the endpoint's path */
  @property() stream: string | null = null;
  /** Token endpoint, relative to the page. */
  @property({ attribute: 'token-url' }) tokenUrl: string | null = null;
  /** Fetch credentials for `token-url`. */
  @property({ attribute: 'token-credentials' }) tokenCredentials: RequestCredentials = 'same-origin';
  /** Bind tokens to a key of this page (DPoP, RFC 9449). Only for WHIP; the backend must support it. */
  @property({ type: Boolean, reflect: true }) dpop = false;
  /**
   * Share tokens with other tabs: those of this origin with the same key, endpoint and purpose make one request. Any text that is
   * another one for each viewer and sign-in, such as an id of the session; it never leaves this tab.
   */
  @property({ attribute: 'token-session' }) tokenSession: string | null = null;
  /** Where a request carries the token: `header`, `header:<Name>`, `query:<name>` or `none`. Only for WHIP. */
  @property({ attribute: 'token-placement' }) tokenPlacement = 'header';
  /** Space-separated origins that may receive the token, in addition to the endpoint's. */
  @property({ attribute: 'token-origins' }) tokenOrigins = '';
  /** Seconds before its expiry at which a token is refreshed, at most a quarter of its lifetime. */
  @property({ attribute: 'refresh-lead', type: Number }) refreshLead = 60;
  /** Show the element's controls. They load when they are first shown. */
  @property({ type: Boolean }) controls = false;
  /** What to broadcast: `camera`, `screen`, `camera screen` (both), `audio` (no picture) or `none` (only `mediaStream`). */
  @property() capture: CaptureKind = 'camera';
  /** Device id of the camera. The empty string lets the browser choose; `none` is sound only. */
  @property() video = '';
  /** Device id of the microphone. The empty string lets the browser choose; `none` is video only. */
  @property() audio = '';
  /**
   * What viewers get when the camera or microphone is unplugged or held back: `slate` (a still picture, and silence),
   * `switch` (another device, or a slate if there is none) or `none`. The device returns by itself.
   */
  @property({ attribute: 'device-loss' }) deviceLoss: DeviceLoss = 'slate';
  /** URL of an image for the slate; its server must allow this page (CORS). Without it, the slate has a text. */
  @property() slate: string | null = null;
  /** Show the slate instead of camera and screen, which stay open. Viewers still hear the microphone. */
  @property({ attribute: 'show-slate', type: Boolean, reflect: true }) showSlate = false;
  /** How camera and screen share the picture: `picture-in-picture`, `side-by-side`, or only `camera` or `screen`. */
  @property() layout: PictureLayout = 'picture-in-picture';
  /** Where the camera lies over the screen, and its width from 10% to 50% of the picture: `bottom-right 25%`. */
  @property() inset = 'bottom-right';
  /** Texts and images over the picture that is sent. */
  @property({ attribute: false }) overlay: Overlays | null = null;
  /** `1280x720`, or `720p` for 16:9. */
  @property() resolution = '1280x720';
  /** Frames per second. */
  @property({ type: Number }) framerate = 30;
  /** Upper limit in kbit/s. */
  @property({ attribute: 'video-bitrate', type: Number }) videoBitrate = 2500;
  /** Upper limit in kbit/s. @defaultValue 128, or 256 with `audio-mode="music"` */
  @property({ attribute: 'audio-bitrate', type: Number }) audioBitrate: number | null = null;
  /** `speech`, or `music`: stereo, without echo cancellation, noise suppression and automatic gain. */
  @property({ attribute: 'audio-mode' }) audioMode: AudioMode = 'speech';
  /**
   * Video codec: `auto` prefers H.264 and offers the others too; `enhanced` prefers AV1, HEVC or VP9 where this device encodes
   * them well, with H.264 after them; only the named ones are offered, by preference: `av1 vp9 h264`. Only for WHIP.
   */
  @property() codec: VideoCodec = 'auto';
  /**
   * What the picture keeps when the network or this device takes less: `maintain-framerate`, `maintain-resolution`, or `balanced`;
   * `auto` keeps the resolution of a screen and balances others. Firefox itself has no such setting. Only for WHIP.
   */
  @property({ attribute: 'degradation-preference' }) degradationPreference: DegradationSetting = 'auto';
  /**
   * Offer the picture in up to three sizes at once, so that the server can give each viewer the one that fits (RFC 8853). A server
   * that does not take them gets one. It applies from the next connection on. Only for WHIP.
   */
  @property({ type: Boolean, reflect: true }) simulcast = false;
  /** Broadcast only sound or only video if the ingest does not accept the other. Only for WHIP. */
  @property({ attribute: 'allow-partial', type: Boolean, reflect: true }) allowPartial = false;
  /** Seconds without a connection after which a broadcast fails. */
  @property({ attribute: 'reconnect-for', type: Number }) reconnectFor = 120;
  /**
   * URL on your server that says in JSON whether it receives the stream (`{ "onAir": true }`); `{stream}` as in `endpoint`. For
   * ingests that send no events to their publishers, or whose events do not come. It gets the token only if its origin may.
   */
  @property({ attribute: 'status-url' }) statusUrl: string | null = null;
  /** Seconds from a start until the connection opens; until then nothing is sent. At most 600. */
  @property({ type: Number }) countdown = 0;
  /**
   * URL on your server that accepts uploads, so that `check()` can measure the network's rate; `{stream}` as in `endpoint`. It
   * gets the token only if its origin may.
   */
  @property({ attribute: 'upload-test-url' }) uploadTestUrl: string | null = null;
  /** URL of the vendor's script, for a vendor's publisher. A script of the page allows it with `allowVendorScripts`. */
  @property({ attribute: 'publisher-src' }) publisherSrc: string | null = null;
  /** The publisher's own options, which its page in the documentation lists: `iceServers` for WHIP, for example. */
  @property({ attribute: false }) publisherConfig: Readonly<Record<string, unknown>> = {};
  /** The page's own media. It is used instead of `capture`, and the element never stops its tracks. */
  @property({ attribute: false }) mediaStream: MediaStream | null = null;
  /** The page's own token, used first. */
  @property({ attribute: false }) token: TokenValue | null = null;
  /** Gets tokens instead of `token-url`. */
  @property({ attribute: false }) tokenSource: TokenFunction | null = null;
}
