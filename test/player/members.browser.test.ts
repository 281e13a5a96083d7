import { SecurePlayer } from '@gatecast/player';
import { expect } from 'chai';
import { skipUnless } from '../support/skip-unless.js';
import { cleanPage } from './support/clean-page.js';
import { mountPlayer, nextEvent, playFor, until } from './support/player-fixture.js';

/** Members with a meaning of their own, which another test or the documentation describes. */
const OWN: Readonly<Record<string, string>> = {
  src: 'the address of the source; the video element has a media source',
  srcObject: 'null while the source plays, also where the engine uses srcObject of the video element',
  error: 'the end of playback, not an error that the element recovers from',
  controls: 'true for the skin, native for those of the browser',
  width: 'null without the attribute',
  height: 'null without the attribute',
  load: 'loads the source again, with new requests',
  play: 'loads the source first, if that has not happened',
};
/** Members that are left out on purpose, with the reason. */
const LEFT_OUT: Readonly<Record<string, string>> = {};

const isEvent = (name: string) => name.startsWith('on');

function members(): Map<string, PropertyDescriptor> {
  const all = [HTMLMediaElement, HTMLVideoElement].flatMap((Interface) =>
    Object.entries(Object.getOwnPropertyDescriptors(Interface.prototype)),
  );
  return new Map(all.filter(([name]) => name !== 'constructor'));
}

describe('the members of HTMLVideoElement on <secure-player>', () => {
  afterEach(cleanPage);

  it('has every one that this browser has', () => {
    const player = document.createElement('secure-player');
    const missing = [...members().keys()].filter((name) => !(name in player) && !(name in LEFT_OUT));
    expect(missing).to.deep.equal([]);
    for (const name of Object.keys(LEFT_OUT)) expect(name in player, name).to.equal(false);
  });

  it('reads them from the media element', async () => {
    const { player } = mountPlayer();
    await nextEvent(player, 'playing');
    player.pause();
    for (const [name, member] of members()) {
      if (name in OWN || isEvent(name)) continue;
      const own: unknown = Reflect.get(player, name);
      const inner: unknown = Reflect.get(player.media, name);
      if (typeof member.value === 'function') expect(own, name).to.be.a('function');
      else if (member.get && typeof inner === 'object') expect(typeof own, name).to.equal('object');
      else expect(own, name).to.equal(inner);
    }
    expect(player.readyState).to.be.at.least(player.HAVE_METADATA);
  });

  it('sets them on the media element', () => {
    const player = document.createElement('secure-player');
    for (const [name, member] of members()) {
      if (!member.set || name in OWN || isEvent(name)) continue;
      const before: unknown = Reflect.get(player, name);
      const next = typeof before === 'boolean' ? !before : typeof before === 'number' ? before / 2 : null;
      if (next === null) continue;
      Reflect.set(player, name, next);
      expect(Reflect.get(player.media, name), name).to.equal(Reflect.get(player, name));
    }
  });

  it('calls the handlers of events that only media elements have', function () {
    skipUnless('encrypted media', this);
    const player = document.createElement('secure-player');
    const heard: unknown[] = [];
    player.onwaitingforkey = () => heard.push('replaced');
    player.onwaitingforkey = ({ target, type }) => heard.push([target, type]);
    player.media.dispatchEvent(new Event('waitingforkey'));
    expect(heard).to.deep.equal([[player, 'waitingforkey']]);
    player.onwaitingforkey = null;
    player.media.dispatchEvent(new Event('waitingforkey'));
    expect(heard).to.have.length(1);
  });

  it('passes on the data of an event', () => {
    // WebKitGTK has no MediaEncryptedEvent.
    class EncryptedEvent extends Event {
      readonly initDataType: string;
      constructor(type: string, init: EventInit & { initDataType: string }) {
        super(type, init);
        this.initDataType = init.initDataType;
      }
    }
    const player = document.createElement('secure-player');
    let initDataType = '';
    player.addEventListener('encrypted', (event) => {
      if ('initDataType' in event) initDataType = String(event.initDataType);
    });
    player.media.dispatchEvent(new EncryptedEvent('encrypted', { initDataType: 'cenc' }));
    expect(initDataType).to.equal('cenc');
  });

  it('plays a MediaStream of the page, and the source again', async () => {
    const { player } = mountPlayer();
    await nextEvent(player, 'playing');
    const canvas = document.createElement('canvas');
    canvas.getContext('2d')?.fillRect(0, 0, 1, 1);
    const stream = canvas.captureStream(10);
    player.srcObject = stream;
    expect(player.media.srcObject).to.equal(stream);
    expect(player.tokenStates).to.deep.equal([]);
    player.srcObject = null;
    await nextEvent(player, 'playing');
    expect(player.media.srcObject).to.not.equal(stream);
  });

  it('plays a MediaStream that was set before the element was defined', async () => {
    const tag = 'secure-player-defined-late';
    const early = document.createElement(tag);
    const stream = new MediaStream();
    Object.assign(early, { srcObject: stream });
    document.body.append(early);
    customElements.define(tag, class extends SecurePlayer {});
    if (!(early instanceof SecurePlayer)) throw new Error('It is not defined.');
    const player = early;
    await player.updateComplete;
    expect([player.srcObject, player.media.srcObject]).to.deep.equal([stream, stream]);
    player.remove();
  });

  it('loads the source again with load()', async () => {
    const { player } = mountPlayer({ src: '/live/demo-vod.m3u8' });
    await nextEvent(player, 'playing');
    player.currentTime = 5;
    await nextEvent(player, 'seeked');
    const emptied = nextEvent(player, 'emptied');
    player.load();
    await emptied;
    await playFor(player, 0.3);
    expect(player.currentTime).to.be.below(4);
  });

  it('copies <track> children, also later ones', async () => {
    const vtt = URL.createObjectURL(
      new Blob(['WEBVTT\n\n00:00.000 --> 01:00.000\nHello\n'], { type: 'text/vtt' }),
    );
    const track = (label: string) =>
      Object.assign(document.createElement('track'), { kind: 'captions', label, srclang: 'en', src: vtt });
    const { player } = mountPlayer({
      prepare: (element) => {
        element.append(track('One'));
      },
    });
    await until(() => player.textTracks.length === 1, 'the track');
    player.append(track('Two'));
    await until(() => player.textTracks.length === 2, 'the other track');
    const [one] = player.textTracks;
    if (!one) throw new Error('There is no track.');
    one.mode = 'showing';
    await until(() => (one.cues?.length ?? 0) === 1, 'its cue');
    player.querySelector('track')?.remove();
    await until(() => player.textTracks.length === 1, 'its end');
    URL.revokeObjectURL(vtt);
  });
});
