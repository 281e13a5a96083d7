import { expect } from 'chai';
import { backendOrigin } from '../support/backend.js';
import { testEnvironment } from '../support/test-environment.js';
import { cleanPage } from './support/clean-page.js';
import { mountPlayer, nextEvent, until } from './support/player-fixture.js';

/** Another origin of the same backend: the policy allows the one that the other tests use. */
const forbiddenOrigin = backendOrigin().replace('127.0.0.1', 'localhost');

/** Adds a policy to those that the page has. There is no way to remove it. */
function forbid(policy: string): void {
  const meta = document.createElement('meta');
  meta.httpEquiv = 'Content-Security-Policy';
  meta.content = policy;
  document.head.append(meta);
}

// The order matters: each policy stays for the tests after it.
describe('a page whose Content-Security-Policy forbids what the player needs', () => {
  afterEach(cleanPage);

  it('plays without any worker', async () => {
    forbid("worker-src 'none'");
    const blocked: string[] = [];
    const note = ({ effectiveDirective }: SecurityPolicyViolationEvent): void => {
      blocked.push(effectiveDirective);
    };
    document.addEventListener('securitypolicyviolation', note);
    const { player } = mountPlayer({ src: '/live/demo.m3u8' });
    await until(() => player.currentTime > 1, 'playback');
    document.removeEventListener('securitypolicyviolation', note);
    expect(blocked).to.deep.equal([]);
  });

  it('gets an error that names connect-src and the origin, for the token endpoint', async () => {
    // Not `ws:`, which also allows http: in WebKit.
    forbid(`connect-src 'self' ws://${location.host} ${backendOrigin()}`);
    const { player } = mountPlayer({ attributes: { 'token-url': `${forbiddenOrigin}/api/tokens` } });
    const { error } = await nextEvent(player, 'secure-error');
    expect(error.code).to.equal('token-endpoint-unreachable');
    expect(error.hint).to.contain(forbiddenOrigin).and.to.contain('connect-src');
    expect(player.diagnostics()).to.have.nested.property('error.hint', error.hint);
  });

  it('gets an error that names connect-src and the origin, for the stream', async () => {
    const { player } = mountPlayer({ src: `${forbiddenOrigin}/live/demo-low.m3u8` });
    const { error } = await nextEvent(player, 'secure-error');
    expect(error.code).to.equal('source-unreachable');
    expect(error.hint).to.contain(forbiddenOrigin).and.to.contain('connect-src');
  });

  it('gets an error that names media-src, instead of a black player', async () => {
    forbid("media-src 'self'");
    const { player, events } = mountPlayer({ src: '/live/demo-low.m3u8' });
    await until(() => player.currentTime > 0 || events.includes('secure-error:media-failed'), 'either');
    // Firefox lets every media source play, whatever the policy says.
    if (testEnvironment().engine === 'firefox') return;
    const { error } = player.diagnostics();
    expect(error).to.have.property('code', 'media-failed');
    expect(error).to.have.property('hint').that.contains('media-src').and.contains('blob:');
    expect(player.diagnostics()).to.have.nested.property('playback.state', 'failed');
  });

  it('gets an error that names script-src and the origin, for code that is loaded later', async () => {
    // What the tests need is loaded by now.
    forbid(`script-src ${backendOrigin()} 'unsafe-inline'`);
    const { player } = mountPlayer({
      engine: 'nanoplayer',
      prepare: (element) => {
        element.removeAttribute('src');
        const server = { websocket: backendOrigin().replace('http', 'ws') };
        const h5live = { rtmp: { url: 'rtmp://localhost/play', streamname: 'demo-low' }, server };
        element.source = { entries: [{ index: 0, h5live }] };
      },
    });
    const { error } = await nextEvent(player, 'secure-error');
    expect(error.code).to.equal('engine-load-failed');
    expect(error.hint).to.contain(location.origin).and.to.contain('script-src');
  });
});
