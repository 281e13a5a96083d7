import type { SecurePlayer } from '@gatecast/player';
import { expect } from 'chai';
import { accessibilityViolations } from '../support/accessibility.js';
import { backendOrigin, requestLog, setFaults } from '../support/backend.js';
import { pressKey } from '../support/press-keys.js';
import { cleanPage } from './support/clean-page.js';
import { mountPlayer, playFor, until } from './support/player-fixture.js';
import { inSkin, mountWithSkin, skinOf } from './support/skin-fixture.js';

const FOLDER = `${backendOrigin()}/live/demo-vod`;
const nativeFetch = globalThis.fetch;

function addTrack(player: SecurePlayer, kind: string, label: string, src: string): HTMLTrackElement {
  const track = Object.assign(document.createElement('track'), { kind, label, src });
  player.append(track);
  return track;
}

const copyOf = (player: SecurePlayer, label: string): HTMLTrackElement | null =>
  player.shadowRoot?.querySelector<HTMLTrackElement>(`video > track[label="${label}"]`) ?? null;

const cueCount = (player: SecurePlayer, label: string): number =>
  copyOf(player, label)?.track.cues?.length ?? 0;

/** Moves the pointer over the seek bar. */
function pointAt(player: SecurePlayer, share: number): void {
  const bar = inSkin(player, 'media-time-range');
  if (!bar) throw new Error('There is no seek bar.');
  const { left, top, width, height } = bar.getBoundingClientRect();
  const place = { clientX: left + share * width, clientY: top + height / 2, bubbles: true, composed: true };
  bar.dispatchEvent(new PointerEvent('pointerenter', { ...place, pointerType: 'mouse' }));
  bar.dispatchEvent(new PointerEvent('pointermove', { ...place, pointerType: 'mouse' }));
}

const thumbnailOf = (player: SecurePlayer): Element | null => inSkin(player, 'media-preview-thumbnail');

/** Every attribute in the element and in its shadow trees. */
function attributesIn(root: Element | ShadowRoot): string[] {
  return [...root.querySelectorAll('*')].flatMap((element) => [
    ...[...element.attributes].map(({ value }) => value),
    ...(element.shadowRoot ? attributesIn(element.shadowRoot) : []),
  ]);
}

describe('the files beside a protected stream', () => {
  afterEach(async () => {
    globalThis.fetch = nativeFetch;
    await cleanPage();
  });

  it('are requested with the token when they are used: pictures and chapters in the seek bar', async () => {
    const player = await mountWithSkin({
      src: '/live/demo-vod.m3u8',
      prepare: (element) => {
        addTrack(element, 'metadata', 'thumbnails', `${FOLDER}/storyboard.vtt`);
        addTrack(element, 'chapters', 'Chapters', `${FOLDER}/chapters.vtt`);
        addTrack(element, 'captions', 'Later', `${FOLDER}/captions.vtt`);
      },
    });
    await playFor(player, 0.3);
    await until(() => cueCount(player, 'thumbnails') === 6, 'the storyboard');
    await until(() => cueCount(player, 'Chapters') === 3, 'the chapters');
    pointAt(player, 0.95);
    await until(() => thumbnailOf(player)?.hasAttribute('mediapreviewimage') === true, 'the picture');
    expect(thumbnailOf(player)?.getAttribute('mediapreviewimage')).to.match(/^blob:/);
    expect(thumbnailOf(player)?.getAttribute('mediapreviewcoords')).to.equal('320 90 160 90');
    await until(
      () =>
        inSkin(player, 'media-preview-chapter-display')?.getAttribute('mediapreviewchapter') === 'Closing',
      'the chapter',
    );
    pointAt(player, 0.5);
    await until(
      () => thumbnailOf(player)?.getAttribute('mediapreviewcoords') === '0 90 160 90',
      'another picture',
    );
    // The stream has captions of its own, in a playlist.
    const ours = /\/(?:storyboard\.\w+|chapters\.vtt|captions\.vtt)$/;
    const used = (await requestLog()).filter(({ path }) => ours.test(path));
    // Another page may load the same chapters at the same time.
    const outcomes = new Set(
      used.map(({ path, status }) => `${path.replace(/^.*\//, '')} ${String(status)}`),
    );
    expect([...outcomes].sort()).to.deep.equal([
      'chapters.vtt 200',
      'storyboard.svg 200',
      'storyboard.vtt 200',
    ]);
    const root = player.shadowRoot;
    expect(root ? attributesIn(root).filter((value) => /token|eyJ/.test(value)) : ['no root']).to.deep.equal(
      [],
    );
  });

  it('show their picture and chapter while keys seek in the seek bar, and not elsewhere', async () => {
    const player = await mountWithSkin({
      src: '/live/demo-vod.m3u8',
      prepare: (element) => {
        addTrack(element, 'metadata', 'thumbnails', `${FOLDER}/storyboard.vtt`);
        addTrack(element, 'chapters', 'Chapters', `${FOLDER}/chapters.vtt`);
      },
    });
    await playFor(player, 0.3);
    player.pause();
    await until(() => cueCount(player, 'thumbnails') === 6, 'the storyboard');
    await until(() => cueCount(player, 'Chapters') === 3, 'the chapters');
    const bar = inSkin(player, 'media-time-range');
    const isShown = () => thumbnailOf(player)?.checkVisibility({ visibilityProperty: true }) === true;
    skinOf(player)?.focus();
    await pressKey('ArrowRight');
    await until(() => player.currentTime >= 5, 'a key outside the seek bar');
    expect(bar?.classList.contains('by-key')).to.equal(false);
    bar?.shadowRoot?.querySelector('input')?.focus();
    await pressKey('9');
    await until(() => player.currentTime === 54, 'the end');
    await until(isShown, 'the picture');
    expect(thumbnailOf(player)?.getAttribute('mediapreviewcoords')).to.equal('320 90 160 90');
    expect(inSkin(player, '[part="preview"]')?.textContent).to.equal('0:54');
    expect(inSkin(player, '[part="preview-chapter"]')?.getAttribute('mediapreviewchapter')).to.equal(
      'Closing',
    );
    const [picture, stage] = [thumbnailOf(player), bar].map((each) => each?.getBoundingClientRect());
    const middle = ((picture?.left ?? 0) + (picture?.right ?? 0)) / 2;
    expect((middle - (stage?.left ?? 0)) / (stage?.width ?? 1), 'over its place').to.be.closeTo(0.9, 0.05);
    expect(await accessibilityViolations(player)).to.deep.equal([]);
    await until(() => bar?.classList.contains('by-key') === false, 'the preview to go after a while');
    await pressKey('ArrowLeft');
    await until(isShown, 'the picture of the next key');
    inSkin(player, 'media-mute-button')?.focus();
    await until(() => !isShown(), 'the preview to go with the focus');
  });

  it('preview the place under the pointer, also where what can be played begins later', async () => {
    const player = await mountWithSkin({ src: '/live/demo-vod.m3u8' });
    await playFor(player, 0.3);
    inSkin(player, 'media-time-range')?.setAttribute('mediaseekable', '600:660');
    pointAt(player, 0.5);
    await until(() => inSkin(player, '[part="preview"]')?.textContent === '10:30', 'the middle');
  });

  for (const [what, failures, versionCount] of [
    ['after a refusal, with another token', 0, 2],
    // The player uses the token that it has, while there is no other one.
    ['after a refusal, also when the token endpoint fails then', 1, 1],
  ] as const)
    it(`are requested again ${what}`, async () => {
      const player = await mountWithSkin({ src: '/live/demo-vod.m3u8' });
      // A token that is issued in the same second is the same token.
      await playFor(player, 1.2);
      const versions = new Set<string | null>();
      let refusals = 1;
      let left: number = failures;
      globalThis.fetch = (input, init) => {
        const url = new URL(input instanceof Request ? input.url : String(input), location.href);
        if (url.pathname === '/api/tokens' && left-- > 0)
          return Promise.resolve(new Response(null, { status: 404 }));
        if (!url.pathname.endsWith('chapters.vtt')) return nativeFetch(input, init);
        versions.add(url.searchParams.get('token'));
        return refusals-- > 0
          ? Promise.resolve(new Response(null, { status: 403 }))
          : nativeFetch(input, init);
      };
      addTrack(player, 'chapters', 'Chapters', `${FOLDER}/chapters.vtt`);
      await until(() => cueCount(player, 'Chapters') === 3, 'the chapters');
      expect(versions.size).to.be.within(versionCount, 2);
      expect([...versions].every((token) => token !== null)).to.equal(true);
    });

  it('of another origin are loaded by the browser itself, without the token', async () => {
    const vtt = URL.createObjectURL(
      new Blob(['WEBVTT\n\n00:00.000 --> 01:00.000\nHello\n'], { type: 'text/vtt' }),
    );
    const { player } = mountPlayer({ src: '/live/demo-vod.m3u8' });
    await playFor(player, 0.3);
    addTrack(player, 'captions', 'Open', vtt);
    await until(() => copyOf(player, 'Open')?.src === vtt, 'its own address');
    URL.revokeObjectURL(vtt);
  });

  it('do not stop playback where there are none, and are not requested in a loop', async () => {
    const { player } = mountPlayer({ src: '/live/demo-vod.m3u8' });
    await playFor(player, 0.3);
    addTrack(player, 'captions', 'Missing', `${FOLDER}/missing.vtt`);
    await until(() => copyOf(player, 'Missing') !== null, 'the copy');
    const copy = copyOf(player, 'Missing');
    if (copy) copy.track.mode = 'showing';
    const requests = async () =>
      (await requestLog()).filter(({ path }) => path.endsWith('missing.vtt')).length;
    const failed = () => JSON.stringify(player.diagnostics()).includes('track-failed');
    await until(failed, 'the failure in the log');
    for (let update = 0; update < 5; update += 1) {
      player.requestUpdate();
      await player.updateComplete;
    }
    expect(await requests()).to.equal(1);
    await playFor(player, 0.3);
  });

  it('leave no address behind when the element is removed', async () => {
    const revoked = new Set<string>();
    const native = URL.revokeObjectURL.bind(URL);
    URL.revokeObjectURL = (url) => {
      revoked.add(url);
      native(url);
    };
    try {
      const { player } = mountPlayer({ src: '/live/demo-vod.m3u8' });
      await playFor(player, 0.3);
      addTrack(player, 'chapters', 'Chapters', `${FOLDER}/chapters.vtt`);
      await until(() => cueCount(player, 'Chapters') === 3, 'the chapters');
      const address = copyOf(player, 'Chapters')?.src ?? '';
      expect(address).to.match(/^blob:/);
      player.remove();
      await until(() => revoked.has(address), 'the release');
    } finally {
      URL.revokeObjectURL = native;
    }
  });
});

describe('the error panel', () => {
  afterEach(cleanPage);

  it('shows the page’s own panel in its slot', async () => {
    const { player } = mountPlayer({
      prepare: (element) => {
        element.append(
          Object.assign(document.createElement('p'), { slot: 'error', textContent: 'Call us.' }),
        );
      },
    });
    await setFaults({ media: { reject: 'demo-low' } });
    const panel = () => player.shadowRoot?.querySelector('[part="error"]') ?? null;
    await until(() => panel() !== null, 'the panel');
    expect(player.querySelector('p')?.checkVisibility()).to.equal(true);
    expect(panel()?.querySelector('[part="retry"]')?.checkVisibility()).to.equal(false);
  });
});
