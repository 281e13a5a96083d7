import { setPlayerMessages, type SecurePlayer } from '@gatecast/player';
import { expect } from 'chai';
import { messagesEn } from '../../packages/player/src/messages/messages-en.js';
import { accessibilityViolations } from '../support/accessibility.js';
import { setFaults } from '../support/backend.js';
import { markTexts, shownTexts, unmarkedTexts } from '../support/shown-texts.js';
import { cleanPage } from './support/clean-page.js';
import { mountPlayer, nextEvent, playFor, until } from './support/player-fixture.js';
import { inSkin, mountWithSkin, skinOf } from './support/skin-fixture.js';

/** A private language (BCP 47, qaa to qtz) in which every text is marked. */
const MARKED = 'qps';

const textsOf = (player: SecurePlayer): string[] =>
  [...(player.shadowRoot?.children ?? [])].flatMap(shownTexts);

const foreignTexts = (player: SecurePlayer): string[] => unmarkedTexts(textsOf(player));

describe('the texts of the skin', () => {
  before(() => {
    setPlayerMessages(MARKED, markTexts(messagesEn));
  });
  after(() => {
    setPlayerMessages(MARKED, {});
  });
  afterEach(cleanPage);

  it('are all from the table of messages, in a live stream and its menus', async () => {
    const player = await mountWithSkin({ src: '/live/demo.m3u8', attributes: { lang: MARKED } });
    await playFor(player, 0.5);
    expect(textsOf(player)).to.include('«Pause»').and.include('«Full screen»');
    expect(foreignTexts(player), 'playing').to.deep.equal([]);
    player.pause();
    player.currentTime = player.seekable.start(0);
    await until(
      () => inSkin(player, 'media-live-button')?.hasAttribute('mediatimeislive') === false,
      'not live',
    );
    player.muted = false;
    expect(foreignTexts(player), 'in a pause').to.deep.equal([]);
    inSkin(player, 'media-settings-menu-button')?.click();
    await until(() => inSkin(player, 'media-settings-menu')?.hidden === false, 'the menu');
    expect(foreignTexts(player), 'in the menu').to.deep.equal([]);
    for (const name of ['media-rendition-menu', 'media-playback-rate-menu']) {
      inSkin(player, name)?.parentElement?.click();
      await until(() => inSkin(player, name)?.hidden === false, name);
      expect(foreignTexts(player), name).to.deep.equal([]);
    }
  });

  it('are all from the table of messages, in a recording with subtitles', async () => {
    const player = await mountWithSkin({ src: '/live/demo-vod.m3u8', attributes: { lang: MARKED } });
    await playFor(player, 0.5);
    expect(foreignTexts(player)).to.deep.equal([]);
    expect(textsOf(player).join('\n')).to.match(/«Playback time» \d+:\d\d\s\/\s\d+:\d\d/);
  });

  it('name the time display by what it shows, for speech control', async () => {
    const player = await mountWithSkin({ src: '/live/demo-vod.m3u8' });
    await playFor(player, 0.3);
    player.pause();
    const display = inSkin(player, 'media-time-display');
    const name = () => display?.getAttribute('aria-label') ?? '';
    await until(() => /^Playback time \d+:\d\d\s\/\s1:00$/.test(name()), 'the position');
    expect(await accessibilityViolations(player, ['label-content-name-mismatch'])).to.deep.equal([]);
    // The remaining time, also in a pause.
    display?.click();
    await until(() => /^Playback time -\d+:\d\d\s\/\s1:00$/.test(name()), 'the remaining time');
  });

  it('name each player of a page by its title', async () => {
    const player = await mountWithSkin({ attributes: { 'video-title': 'Stage one' } });
    const second = await mountWithSkin({
      attributes: { 'video-title': 'Stage two', theme: 'audio', lang: 'de' },
    });
    const nameOf = (of: SecurePlayer) => skinOf(of)?.getAttribute('aria-label');
    expect([nameOf(player), nameOf(second)]).to.deep.equal([
      'Video player: Stage one',
      'Audioplayer: Stage two',
    ]);
    second.theme = 'default';
    second.lang = '';
    await until(
      () => nameOf(second) === 'Video player: Stage two',
      'the name in the other theme and language',
    );
    const landmarks = { runOnly: ['landmark-unique'] };
    expect((await window.axe.run(document, landmarks)).violations).to.deep.equal([]);
    // After the element is put elsewhere, too.
    document.body.prepend(second);
    second.videoTitle = '';
    await until(() => nameOf(second) === 'Video player', 'the general name');
    second.videoTitle = 'Stage three';
    await until(() => nameOf(second) === 'Video player: Stage three', 'the next title');
  });

  it('number players of a page that have no title, or the same one', async () => {
    const nameOf = (of: SecurePlayer) => skinOf(of)?.getAttribute('aria-label');
    const first = await mountWithSkin();
    const second = await mountWithSkin();
    expect([first, second].map(nameOf)).to.deep.equal(['Video player', 'Video player 2']);
    for (const each of [first, second]) each.videoTitle = 'Stage';
    const names = ['Video player: Stage', 'Video player 2: Stage'];
    await until(() => [first, second].map(nameOf).join() === names.join(), 'the names with a title');
    expect((await window.axe.run(document, { runOnly: ['landmark-unique'] })).violations).to.deep.equal([]);
    // A name does not change while another player leaves, with other controls, and at another place of the page.
    first.remove();
    await Promise.resolve();
    second.controls = 'native';
    const video = () => second.shadowRoot?.querySelector('video[aria-label]');
    await until(() => Boolean(video()), 'the name of the video');
    expect(video()?.getAttribute('aria-label')).to.equal(names[1]);
    second.controls = '';
    await until(() => nameOf(second) === names[1], 'the name of the skin');
    const skin = skinOf(second);
    document.body.prepend(second);
    await until(() => skinOf(second) !== skin && nameOf(second) !== undefined, 'the skin at the other place');
    // The name of the one that has left is free.
    const third = await mountWithSkin({ attributes: { 'video-title': 'Stage' } });
    expect([third, second].map(nameOf)).to.deep.equal(names);
  });

  it("name the video that has the browser's own controls", async () => {
    const { player } = mountPlayer({
      attributes: { controls: 'native', 'video-title': 'Stage', lang: 'de' },
    });
    const name = () => player.shadowRoot?.querySelector('video')?.getAttribute('aria-label') ?? null;
    await until(() => name() !== null, 'the name');
    expect(name()).to.equal('Videoplayer: Stage');
    player.videoTitle = '';
    player.lang = 'fr';
    await until(() => name() === 'Lecteur vidéo', 'the name in the other language');
    player.theme = 'audio';
    await until(() => name() === 'Lecteur audio', 'the name of a player for sound');
    player.theme = 'default';
    await until(() => name() === 'Lecteur vidéo', 'the name of a player for pictures');
    // The skin has the name itself.
    player.controls = '';
    await until(() => skinOf(player) !== null, 'the skin');
    expect([name(), skinOf(player)?.getAttribute('aria-label')]).to.deep.equal([null, 'Lecteur vidéo']);
    player.controls = null;
    await until(() => skinOf(player) === null, 'no skin');
    expect(name()).to.equal(null);
  });

  it('are all from the table of messages, in the error panel', async () => {
    const player = await mountWithSkin({ attributes: { lang: MARKED } });
    await setFaults({ media: { reject: 'demo-low' } });
    await nextEvent(player, 'secure-error');
    await until(() => player.shadowRoot?.querySelector('[part="error"]') != null, 'the panel');
    expect(foreignTexts(player)).to.deep.equal([]);
  });

  it('are German in a German page', async () => {
    const player = await mountWithSkin({ src: '/live/demo-vod.m3u8', attributes: { lang: 'de' } });
    await playFor(player, 0.5);
    const texts = textsOf(player).join('\n');
    expect(texts).to.include('Wiedergabezeit').and.include('Wiedergabe anhalten');
    expect(texts).not.to.match(/\b(?:play|playback|time|back|menu|of|loading|seek)\b/i);
  });
});
