import type { SecurePlayer } from '@gatecast/player';
import type { SecureWebcaster } from '@gatecast/webcaster';
import { deferred } from '@gatecast/element';
import { expect } from 'chai';
import { backendOrigin } from '../support/backend.js';
import { skipUnless } from '../support/skip-unless.js';
import { pause, until } from '../support/wait.js';
import type { HiddenPage } from './pages/hidden/hidden-page.js';
import type {} from './pages/hidden/hidden-script.js';

interface OpenPage {
  readonly page: HiddenPage;
  readonly player: SecurePlayer;
  readonly webcaster: SecureWebcaster;
}

describe('React components that React hides', () => {
  const container = document.createElement('div');
  let open: OpenPage | null = null;

  before(async () => {
    document.body.append(container);
    const script = document.createElement('script');
    const loaded = deferred<unknown>();
    script.onload = loaded.resolve;
    script.src = '/test/packages/pages/hidden/hidden-script.js';
    document.head.append(script);
    await loaded.promise;
  });

  afterEach(async () => {
    if (!open) return;
    const { page, player } = open;
    open = null;
    page.unmount();
    await until(() => player.diagnostics()['playback'] === null, 'the end of playback');
  });

  after(() => {
    container.remove();
  });

  async function openPage(props: object = {}): Promise<OpenPage> {
    const page = window.createHiddenPage(container, backendOrigin());
    page.render('visible', props);
    await until(() => container.querySelector('secure-player') !== null, 'the player');
    const player = container.querySelector('secure-player');
    const webcaster = container.querySelector('secure-webcaster');
    if (!player || !webcaster) throw new Error('An element is missing.');
    open = { page, player, webcaster };
    return open;
  }

  /** Hides or shows the components, and waits until React has done so. */
  async function setMode(mode: 'visible' | 'hidden', props: object = {}): Promise<void> {
    if (!open) throw new Error('There is no page.');
    const { page, player } = open;
    page.render(mode, props);
    await until(() => (getComputedStyle(player).display === 'none') === (mode === 'hidden'), mode);
    // What reacts to it does so in a microtask.
    await pause(0);
  }

  const picture = (player: SecurePlayer): Promise<void> =>
    until(() => !player.paused && player.currentTime > 0 && player.readyState >= 3, 'a picture');

  it('pause a player that plays, and let it go on with the viewer’s volume when it is shown', async () => {
    const { page, player } = await openPage();
    await picture(player);
    Object.assign(player, { muted: false, volume: 0.25 });
    await setMode('hidden');
    expect([player.isConnected, player.paused, player.muted]).to.deep.equal([true, true, false]);
    await setMode('visible');
    const startS = player.currentTime;
    await until(() => !player.paused && player.currentTime > startS + 0.5, 'playback');
    expect([player.muted, player.volume, page.heard]).to.deep.equal([false, 0.25, ['play', 'pause', 'play']]);
  });

  it('leave a paused player paused', async () => {
    const { page, player } = await openPage();
    await picture(player);
    player.pause();
    await setMode('hidden');
    await setMode('visible');
    await player.refreshToken();
    expect([player.paused, page.heard]).to.deep.equal([true, ['play', 'pause']]);
  });

  it('pause a player that would begin while it is hidden, and let it begin when it is shown', async () => {
    const held = deferred<undefined>();
    const tokenSource = async (request: object, { signal }: { signal: AbortSignal }): Promise<Response> => {
      await held.promise;
      const headers = { 'Content-Type': 'application/json' };
      const body = JSON.stringify(request);
      return fetch(`${backendOrigin()}/api/tokens`, { method: 'POST', headers, body, signal });
    };
    const { page, player } = await openPage({ tokenSource });
    await setMode('hidden', { tokenSource });
    held.resolve(undefined);
    await until(() => page.heard.includes('pause'), 'the pause');
    expect(player.paused).to.equal(true);
    await setMode('visible', { tokenSource });
    await picture(player);
    expect(page.heard).to.deep.equal(['play', 'pause', 'play']);
  });

  it('return a viewer who watched live to the live edge', async () => {
    const { player } = await openPage();
    await picture(player);
    await until(() => player.currentTime >= (player.liveEdgeStart ?? Infinity), 'the live edge');
    await setMode('hidden');
    await until(() => (player.liveEdgeStart ?? 0) > player.currentTime + 3, 'a pause of some length');
    await setMode('visible');
    await until(
      () => !player.paused && player.currentTime >= (player.liveEdgeStart ?? Infinity),
      'live again',
    );
  });

  it('unmount a hidden player for good', async () => {
    const { page, player } = await openPage();
    await picture(player);
    await setMode('hidden');
    page.unmount();
    await until(() => player.diagnostics()['playback'] === null, 'the end of playback');
    expect(container.querySelector('secure-player')).to.equal(null);
    open = null;
  });

  it('release the camera of a preview, and open it when it is shown', async function () {
    skipUnless('webrtc', this);
    const { webcaster } = await openPage();
    await webcaster.startPreview();
    await setMode('hidden');
    await until(() => webcaster.state === 'idle', 'the end of the preview');
    await setMode('visible');
    await until(() => webcaster.state === 'preview', 'the preview');
  });

  it('keep a broadcast live', async function () {
    skipUnless('webrtc h264', this);
    const { webcaster } = await openPage();
    await webcaster.startBroadcast();
    await setMode('hidden');
    await webcaster.refreshToken();
    expect(webcaster.state).to.equal('live');
    await setMode('visible');
    expect(webcaster.state).to.equal('live');
  });
});
