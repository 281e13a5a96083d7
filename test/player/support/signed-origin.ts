import { createHash } from 'node:crypto';
import { GatecastError, type MediaRequest, type MediaResponse } from '@gatecast/token';
import { PlaylistRereader } from '@gatecast/player/internal/loading/reread-playlist';

const ORIGIN = 'https://cdn.example';
const START_MS = 1_800_000_000_000;
/** Renditions of the multivariant playlist, by the name of their media playlist. */
export const RENDITIONS = ['high', 'mid', 'low', 'audio', 'subs'] as const;
export type RenditionName = (typeof RENDITIONS)[number];

const TAGS: Record<RenditionName, string> = {
  high: '#EXT-X-STREAM-INF:BANDWIDTH=3000000,RESOLUTION=1280x720,CODECS="avc1.64001f,mp4a.40.2",AUDIO="a",SUBTITLES="s"',
  mid: '#EXT-X-STREAM-INF:BANDWIDTH=1500000,RESOLUTION=854x480,CODECS="avc1.64001f,mp4a.40.2",AUDIO="a",SUBTITLES="s"',
  low: '#EXT-X-STREAM-INF:BANDWIDTH=500000,RESOLUTION=640x360,CODECS="avc1.64001f,mp4a.40.2",AUDIO="a",SUBTITLES="s"',
  audio: '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="English",LANGUAGE="en"',
  subs: '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="s",NAME="German",LANGUAGE="de"',
};

export interface SignedOriginOptions {
  kind: 'live' | 'vod' | 'parts';
  /** Seconds that an address is valid. */
  life?: number;
  /** `own`: each reading signs for the full life; `handed`: until the end of the address that was read. */
  ends?: 'own' | 'handed';
  /** Where a token is: in the query with its end, in the query without one that can be read, or nowhere. */
  tokens?: 'readable' | 'opaque' | 'none';
}

/**
 * An origin that signs each address which its playlists name, with an engine that reads it like hls.js: the multivariant playlist
 * once, and that of a recording once. Time passes by {@link SignedStream.pass}.
 */
export class SignedStream {
  nowMs = START_MS;
  /** Names in the order of the multivariant playlist. */
  order: RenditionName[] = ['audio', 'subs', 'high', 'mid', 'low'];
  /** In the paths; a change of it ends the old paths. */
  session = 's1';
  isOn = true;
  /** Path at which another page answers. */
  page = '';
  /** Version of the page's token, and its end. */
  version = 1;
  entryEndMs = Infinity;
  /** Does it refuse addresses that have not ended yet? */
  epoch = 1;
  readonly sent: string[] = [];
  readonly refusals: string[] = [];
  readonly rereader: PlaylistRereader;
  readonly #options: Required<SignedOriginOptions>;
  readonly #texts = new Map<string, MediaResponse>();

  constructor(options: SignedOriginOptions) {
    this.#options = { life: 6, ends: 'own', tokens: 'readable', ...options };
    this.rereader = new PlaylistRereader({
      send: this.#send,
      serverNow: () => this.nowMs,
      now: () => this.nowMs,
      version: () => this.version,
      leadMs: () => 60_000,
      random: () => 0.5,
    });
  }

  get sequence(): number {
    return this.#options.kind === 'vod' ? 0 : 100 + Math.floor((this.nowMs - START_MS) / 2000);
  }

  pass(ms: number): void {
    this.nowMs += ms;
  }

  /** The engine loads the multivariant playlist. */
  async open(): Promise<void> {
    await this.#load('index', `${ORIGIN}/index.m3u8`, 'text');
  }

  /** The engine loads or reloads a media playlist. @param directives - such as `_HLS_msn=4` */
  async loadPlaylist(name: RenditionName, directives = ''): Promise<string> {
    const url = this.#addressIn('index', new RegExp(`/${name}\\.m3u8`));
    const full = directives === '' ? url : `${url}${url.includes('?') ? '&' : '?'}${directives}`;
    return String((await this.#load(name, full, 'text')).data);
  }

  /** The engine loads something of a media playlist as it has it: `12.m4s`, `init.mp4`, `12.1.m4s`. Returns what it got. */
  loadMedia(name: RenditionName, file: string): Promise<unknown> {
    return this.loadAddress(this.addressOf(name, file));
  }

  /** A path in a playlist as the engine has it. */
  pathIn(name: string, file: string): string {
    return new URL(this.#addressIn(name, new RegExp(file.replaceAll('.', '\\.')))).pathname;
  }

  /** The address of a segment as the engine has it now. */
  addressOf(name: RenditionName, file: string): string {
    return this.#addressIn(name, new RegExp(`/${name}/${file.replaceAll('.', '\\.')}`));
  }

  /** The engine loads media from an address that it has kept. Returns what it got. */
  async loadAddress(url: string, signal?: AbortSignal): Promise<unknown> {
    return (await this.#load('', url, 'arraybuffer', signal)).data;
  }

  #addressIn(name: string, file: RegExp): string {
    const response = this.#texts.get(name);
    const uris = [...String(response?.data).matchAll(/^([^#\s].*)$|URI="([^"]*)"/gm)];
    const uri = uris.map(([, line, attribute]) => line ?? attribute ?? '').find((each) => file.test(each));
    if (uri === undefined) throw new Error(`${name} does not name ${file}`);
    return new URL(uri, response?.url).href;
  }

  async #load(
    name: string,
    url: string,
    responseType: MediaRequest['responseType'],
    signal = new AbortController().signal,
  ): Promise<MediaResponse> {
    const request: MediaRequest = { url, stream: 'a', responseType };
    const response = await this.rereader.request(request, this.#send, signal);
    if (responseType !== 'text') return response;
    const given = this.rereader.give({ request, response });
    this.#texts.set(name, given);
    return given;
  }

  readonly #send = async (request: MediaRequest): Promise<MediaResponse> => {
    const url = new URL(request.url);
    const path = url.pathname;
    this.sent.push(path.slice(1) + (url.searchParams.get('_HLS_msn') ? '?msn' : ''));
    await Promise.resolve();
    const isEntry = path === '/index.m3u8';
    if (!this.isOn) throw new GatecastError('source-unreachable', 'off', { hint: 'test', retryable: true });
    const endMs = isEntry ? this.entryEndMs : this.#endOf(url);
    if (endMs <= this.nowMs) {
      this.refusals.push(path);
      throw new GatecastError('source-failed', 'refused', { hint: 'test', status: 403 });
    }
    const childEndMs = Math.min(
      this.nowMs + this.#options.life * 1000,
      this.#options.ends === 'handed' ? endMs : Infinity,
    );
    const timing = { startMs: 0, firstByteMs: 0, endMs: 0 };
    const data = path.endsWith('.m3u8') ? this.#write(path, url.searchParams, childEndMs) : path;
    const body = path === this.page ? '<html>' : data;
    return { url: request.url, status: 200, data: body, headers: new Headers(), timing };
  };

  /** The end of a signed address; 0 for one that is not signed. */
  #endOf({ pathname, searchParams }: URL): number {
    if (!pathname.startsWith(`/${this.session}/`)) return 0;
    if (this.#options.tokens === 'none') return Infinity;
    const isOpaque = this.#options.tokens === 'opaque';
    const [end = '', signature = ''] = isOpaque
      ? (searchParams.get('k') ?? '').split('x')
      : [searchParams.get('expires') ?? '', searchParams.get('sig') ?? ''];
    return signature === this.#signature(pathname, end) ? Number(end) * 1000 : 0;
  }

  #signature(path: string, end: string): string {
    return createHash('sha256').update(`${path} ${end} ${this.epoch}`).digest('hex').slice(0, 20);
  }

  #sign(path: string, endMs: number): string {
    const end = String(Math.floor(endMs / 1000));
    switch (this.#options.tokens) {
      case 'none':
        return path;
      case 'opaque':
        return `${path}?k=${end}x${this.#signature(path, end)}`;
      case 'readable':
        return `${path}?expires=${end}&sig=${this.#signature(path, end)}`;
    }
  }

  #write(path: string, query: URLSearchParams, endMs: number): string {
    const sign = (file: string): string => this.#sign(`/${this.session}/${file}`, endMs);
    if (path === '/index.m3u8') {
      const lines = this.order.map((name) =>
        TAGS[name].startsWith('#EXT-X-MEDIA')
          ? `${TAGS[name]},URI="${sign(`${name}.m3u8`)}"`
          : `${TAGS[name]}\n${sign(`${name}.m3u8`)}`,
      );
      return ['#EXTM3U', ...lines, ''].join('\n');
    }
    const name = /([a-z]+)\.m3u8$/.exec(path)?.[1] ?? '';
    const { kind } = this.#options;
    const count = kind === 'vod' ? 60 : 8;
    const skip = query.get('_HLS_skip') ? 4 : 0;
    const last = this.sequence + count - 1;
    const segments = Array.from({ length: count - skip }, (_, index) => {
      const sequence = this.sequence + skip + index;
      const parts =
        kind === 'parts' && sequence >= last - 1
          ? [0, 1].map(
              (part) =>
                `#EXT-X-PART:DURATION=1,URI="${sign(`${name}/${String(sequence)}.${String(part)}.m4s`)}"`,
            )
          : [];
      return [...parts, '#EXTINF:2,', sign(`${name}/${String(sequence)}.m4s`)].join('\n');
    });
    const map = `#EXT-X-MAP:URI="${sign(`${name}/init.mp4`)}"\n#EXT-X-KEY:METHOD=AES-128,URI="${sign(`${name}/key.bin`)}"`;
    return [
      '#EXTM3U',
      '#EXT-X-TARGETDURATION:2',
      `#EXT-X-MEDIA-SEQUENCE:${String(this.sequence)}`,
      ...(skip > 0 ? [`#EXT-X-SKIP:SKIPPED-SEGMENTS=${String(skip)}`] : [map]),
      ...segments,
      ...(kind === 'parts'
        ? [
            `#EXT-X-PRELOAD-HINT:TYPE=PART,URI="${sign(`${name}/${String(last + 1)}.0.m4s`)}"`,
            ...this.order
              .filter((each) => each !== name)
              .map(
                (each) => `#EXT-X-RENDITION-REPORT:URI="${sign(`${each}.m3u8`)}",LAST-MSN=${String(last)}`,
              ),
          ]
        : []),
      ...(kind === 'vod' ? ['#EXT-X-ENDLIST'] : []),
      '',
    ].join('\n');
  }
}
