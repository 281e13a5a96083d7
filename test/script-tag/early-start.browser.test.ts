import { expect } from 'chai';
import { backendOrigin, clearFaults, setFaults } from '../support/backend.js';
import { until } from '../support/wait.js';
import { StartedFrame, type FrameSetup } from './support/started-frame.js';

describe('the inline line before gatecast.js', () => {
  let frames: StartedFrame[] = [];
  const open = async (setup?: FrameSetup, made = new StartedFrame()): Promise<StartedFrame> => {
    frames.push(made);
    await made.open(setup);
    return made;
  };
  const streamsOf = async (frame: StartedFrame, part = '') =>
    (await frame.requests(part)).map(({ streams }) => streams);
  const other = { src: `${backendOrigin()}/live/demo-high.m3u8` };

  afterEach(async () => {
    for (const frame of frames) frame.remove();
    frames = [];
    await clearFaults();
  });

  it('sends the only token request, and asks for each module once', async () => {
    const frame = await open();
    await until(async () => (await frame.requests()).length === 1, 'the request of the line');
    await frame.define();
    await frame.played();
    expect(await streamsOf(frame)).to.deep.equal([['demo-low']]);
    expect(frame.started).to.have.length(0);
    const { document, performance } = frame.view;
    expect(document.documentElement.outerHTML).to.not.contain('eyJ');
    const names = performance.getEntriesByType('resource').map(({ name }) => name);
    for (const part of ['hls.light', 'hls-engine', 'hls-parts'])
      expect(names.filter((name) => name.includes(part))).to.have.length(1);
  });

  it('asks once for several tags of one endpoint, also with several lines', async () => {
    const frame = new StartedFrame();
    const elsewhere = { ...other, 'token-url': frame.tokenUrl('-b') };
    await open({ players: [{}, {}, other, elsewhere], lines: 2 }, frame);
    await frame.define();
    await frame.played();
    expect(await streamsOf(frame)).to.deep.equal([['demo-low', 'demo-high']]);
    expect(await streamsOf(frame, '-b')).to.deep.equal([['demo-high']]);
    expect(frame.started).to.have.length(0);
  });

  it('does not use the answer for another stream than the tag then has', async () => {
    const frame = await open();
    frame.players[0]?.setAttribute('src', other.src);
    await frame.define();
    await frame.played();
    expect(await streamsOf(frame)).to.deep.equal([['demo-low'], ['demo-high']]);
  });

  it('hands a refusal to the element as its own', async () => {
    await setFaults({ tokens: { fail: 1, status: 403 } });
    const frame = await open();
    const codes: string[] = [];
    frame.players[0]?.addEventListener('secure-error', ({ error }) => codes.push(error.code));
    await until(async () => (await frame.requests()).length === 1, 'the request of the line');
    await frame.define();
    await until(() => codes.length > 0, 'the error');
    expect(codes).to.deep.equal(['token-refused']);
    expect(await frame.requests()).to.have.length(1);
  });

  it('lets the element try again after a failure of the backend', async () => {
    await setFaults({ tokens: { fail: 1, status: 503 } });
    const frame = await open();
    await until(async () => (await frame.requests()).length === 1, 'the request of the line');
    await frame.define();
    await frame.played();
    expect((await frame.requests()).map(({ status }) => status)).to.deep.equal([503, 200]);
  });

  it('leaves nothing of a tag that is removed before', async () => {
    const frame = await open();
    expect(frame.started).to.have.length(1);
    await until(async () => (await frame.requests()).length === 1, 'the request');
    for (const player of frame.players) player.remove();
    const { AbortSignal } = frame.view;
    const timeout = AbortSignal.timeout.bind(AbortSignal);
    AbortSignal.timeout = () => timeout(20);
    await frame.define();
    await until(() => frame.started.length === 0, 'the end of the answer’s life');
    expect(await frame.requests()).to.have.length(1);
  });

  it('mints nothing in a prerendered page before the viewer comes', async () => {
    const head = `<script>for (const name of ['hidden', 'prerendering'])
      Object.defineProperty(document, name, { value: true, configurable: true });</script>`;
    const frame = await open({ head });
    await frame.define();
    // A player that was started later has played: the other would have asked by then.
    const control = await open();
    await control.define();
    await control.played();
    expect(await frame.requests()).to.have.length(0);
    const { document, Event } = frame.view;
    for (const name of ['hidden', 'prerendering'])
      Object.defineProperty(document, name, { value: false, configurable: true });
    document.dispatchEvent(new Event('prerenderingchange'));
    await frame.played();
    expect(await frame.requests()).to.have.length(1);
  });

  it('is not needed: a policy without its hash changes nothing else', async () => {
    // Firefox takes 'self' for nothing in a frame with srcdoc.
    const policy = `script-src ${location.origin}; connect-src *; media-src * blob:`;
    const frame = await open({ head: `<meta http-equiv="Content-Security-Policy" content="${policy}">` });
    expect(frame.started).to.have.length(0);
    await frame.define();
    await frame.played();
    expect(await streamsOf(frame)).to.deep.equal([['demo-low']]);
  });

  it('leaves a tag that needs a proof by a property to the element', async () => {
    const frame = await open({ end: '' });
    Object.assign(frame.players[0] ?? {}, { dpop: true });
    await frame.define();
    await frame.played();
    expect(await streamsOf(frame)).to.deep.equal([['demo-low']]);
  });

  const withoutStart: Readonly<Record<string, FrameSetup>> = {
    'preload="none"': { players: [{ preload: 'none' }] },
    'loading="lazy"': { players: [{ loading: 'lazy' }] },
    'proof of possession': { players: [{ dpop: '' }] },
    'another engine': { players: [{ engine: 'native' }] },
    'no tokens': { players: [{ 'token-placement': 'none' }] },
    '<source> children': { children: '<source src="/live/demo-high.m3u8">' },
    'a hidden page': { head: `<script>Object.defineProperty(document, 'hidden', { value: true });</script>` },
    'a token from a script': {
      head: `<script>new MutationObserver(([{ addedNodes: [node] }], me) => {
        if (node?.localName === 'secure-player') { node.token = 'x'; me.disconnect(); }
      }).observe(document.body ?? document.documentElement, { childList: true, subtree: true });</script>
      <p></p><script></script>`,
    },
  };
  for (const [name, setup] of Object.entries(withoutStart)) {
    it(`sends nothing for ${name}`, async () => {
      const frame = await open(setup);
      expect(frame.started).to.have.length(0);
      const links = frame.view.document.querySelectorAll('link');
      expect(links).to.have.length(0);
    });
  }
});
