import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KeptCaptions } from '@gatecast/player/internal/overlay/kept-captions';
import { resolveSource } from '@gatecast/player/internal/source/resolve-source';

class Track {
  mode: TextTrackMode = 'disabled';
  constructor(
    readonly language: string,
    readonly kind = 'subtitles',
    readonly label = language,
  ) {}
}

/** A video element whose engine brings text tracks, and takes them away when it ends. */
class Video extends EventTarget {
  tracks: Track[] = [];
  source = resolveSource({ hls: '/a.m3u8', whep: '/whep/a' }, 'https://page.example/');
  readonly textTracks = Object.assign(new EventTarget(), {
    [Symbol.iterator]: () => this.tracks[Symbol.iterator](),
  });

  constructor() {
    super();
    new KeptCaptions({ video: this as never, state: () => ({ source: this.source }) });
  }

  /** @param shown - what the playlist shows by default */
  begin(languages: readonly string[], shown?: string): void {
    const added = languages.map((each) => new Track(each));
    this.tracks.push(...added);
    for (const track of added) if (track.language === shown) track.mode = 'showing';
    for (const _ of added) this.textTracks.dispatchEvent(new Event('addtrack'));
    if (shown) this.changed();
  }

  end(): void {
    for (const track of this.tracks) track.mode = 'hidden';
    this.tracks = [];
    this.changed();
  }

  choose(language: string | null): void {
    for (const track of this.tracks) track.mode = track.language === language ? 'showing' : 'disabled';
    this.changed();
  }

  changed(): void {
    this.textTracks.dispatchEvent(new Event('change'));
  }

  get shown(): string[] {
    return this.tracks.filter(({ mode }) => mode === 'showing').map(({ language }) => language);
  }
}

describe('captions, when another engine plays the source', () => {
  it('are those that the viewer has chosen, after an engine that has none', () => {
    const video = new Video();
    video.begin(['de', 'en']);
    video.choose('en');
    video.end();
    video.begin(['de', 'en']);
    assert.deepEqual(video.shown, ['en']);
    video.end();
    video.begin(['de', 'en'], 'de');
    assert.deepEqual(video.shown, ['en']);
  });

  it('are off if the viewer has switched them off', () => {
    const video = new Video();
    video.begin(['de', 'en'], 'de');
    assert.deepEqual(video.shown, ['de']);
    video.choose(null);
    video.end();
    video.begin(['de', 'en'], 'de');
    assert.deepEqual(video.shown, []);
    video.choose('en');
    video.end();
    video.begin(['en']);
    assert.deepEqual(video.shown, ['en']);
  });

  it('are what the stream shows while the viewer has chosen nothing, or where it has no such track', () => {
    const video = new Video();
    video.begin(['de', 'en']);
    assert.deepEqual(video.shown, []);
    video.choose('en');
    video.end();
    video.begin(['de', 'fr'], 'de');
    assert.deepEqual(video.shown, ['de']);
  });

  it('are not those of another source', () => {
    const video = new Video();
    video.begin(['en']);
    video.choose('en');
    video.end();
    video.source = resolveSource({ hls: '/b.m3u8' }, 'https://page.example/');
    video.begin(['en']);
    assert.deepEqual(video.shown, []);
  });

  it('do not change when a track comes while they are shown, or when another kind does', () => {
    const video = new Video();
    video.begin(['de', 'en']);
    video.choose('en');
    video.begin(['de']);
    assert.deepEqual(video.shown, ['en']);
    video.choose(null);
    video.begin(['en']);
    assert.deepEqual(video.shown, []);
    video.end();
    video.tracks.push(new Track('en', 'chapters'));
    video.textTracks.dispatchEvent(new Event('addtrack'));
    assert.deepEqual(video.shown, []);
  });
});
