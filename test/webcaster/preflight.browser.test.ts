import type { CheckReport, SecureBroadcastCheckEvent } from '@gatecast/webcaster';
import { expect } from 'chai';
import { backendOrigin, clearFaults, requestLog, setFaults } from '../support/backend.js';
import { skipUnless } from '../support/skip-unless.js';
import {
  mountWebcaster,
  overrideDevices,
  previewOf,
  unmountAll,
  until,
} from './support/webcaster-fixture.js';
import { whipRequests } from './support/whip-requests.js';

const uploadTest = { 'upload-test-url': `${backendOrigin()}/api/upload-test/{stream}` };

function resultsOf({ checks }: CheckReport): Record<string, string> {
  return Object.fromEntries(checks.map(({ name, code }) => [name, code]));
}

describe('a check before the broadcast', () => {
  before(function () {
    skipUnless('webrtc h264', this);
  });

  afterEach(async () => {
    await unmountAll();
    await clearFaults();
  });

  it('finds camera, microphone, token, ingest and upload ready, shared by parallel calls, without a session', async () => {
    const { webcaster } = mountWebcaster({ ...uploadTest, framerate: '10' });
    const states: string[] = [];
    webcaster.addEventListener('secure-broadcast-check', ({ state }) => states.push(state));
    const [report, same] = await Promise.all([webcaster.check(), webcaster.check()]);
    expect(same).to.equal(report);
    // How fast a fake camera and an encoder are, and how loud the fake beep is, depends on the machine.
    const { encoder, camera, microphone, ...results } = resultsOf(report);
    expect(results).to.deep.equal({ token: 'token-ok', ingest: 'ingest-ok', upload: 'upload-ok' });
    expect(camera).to.match(/^camera-(ok|slow)$/);
    expect(microphone).to.match(/^microphone-(ok|clipping|low)$/);
    expect(encoder).to.match(/^encoder-/);
    const hasWarning = report.checks.some(({ result }) => result === 'warning');
    expect(report.verdict).to.equal(hasWarning ? 'warning' : 'ready');
    expect(states).to.deep.equal([...Array<string>(6).fill('running'), 'done']);
    expect(webcaster.state).to.equal('idle');
    expect(previewOf(webcaster).srcObject, 'the preview is left as it was').to.equal(null);
    expect(await whipRequests(webcaster.stream, 'POST')).to.have.length(0);
    expect(JSON.stringify(report)).not.to.match(/eyJ/);
  });

  it('fails with the words of a refused token, and of a camera that is not allowed', async () => {
    const restore = overrideDevices({
      getUserMedia: () => Promise.reject(new DOMException('No.', 'NotAllowedError')),
    });
    try {
      await setFaults({ tokens: { fail: 1, status: 403 } });
      const { webcaster, events } = mountWebcaster({ controls: '' });
      Object.assign(webcaster.style, { width: '320px', height: '240px' });
      const inControls = (selector: string) => webcaster.renderRoot.querySelector<HTMLElement>(selector);
      await until(() => inControls('[part~="devices-button"]') !== null, 'controls');
      inControls('[part~="devices-button"]')?.click();
      await until(() => inControls('[part~="check-button"]') !== null, 'the menu');
      inControls('[part~="check-button"]')?.click();
      const report = await webcaster.check();
      expect([report.verdict, report.code]).to.deep.equal(['failed', 'token-refused']);
      await until(() => inControls('.check > button') !== null, 'the button to try again');
      const bottomOf = (selector: string) => inControls(selector)?.getBoundingClientRect().bottom ?? NaN;
      expect(bottomOf('.check > button'), 'the button is in sight').to.be.at.most(bottomOf('.check'));
      expect(bottomOf('.check')).to.be.at.most(webcaster.getBoundingClientRect().bottom);
      expect(report.message).to.match(/^Not ready: .*\(1 more below\)\.$/);
      expect(report.hint).to.be.a('string');
      expect(resultsOf(report)).to.include({ camera: 'permission-denied', upload: 'upload-unmeasured' });
      expect(events, 'the element has not failed').not.to.include('secure-error');
      expect(webcaster.state).to.equal('idle');
    } finally {
      restore();
    }
  });

  it('ends when a broadcast starts, which keeps its camera', async () => {
    const { webcaster } = mountWebcaster();
    const last: SecureBroadcastCheckEvent[] = [];
    webcaster.addEventListener('secure-broadcast-check', (event) => last.push(event));
    const check = webcaster.check().then(
      () => 'done',
      (error: unknown) => (error as Error).name,
    );
    await until(() => last.length > 0, 'the first step');
    await webcaster.startBroadcast();
    expect(await check).to.equal('AbortError');
    expect(last.at(-1)?.state).to.equal('cancelled');
    expect(webcaster.state).to.equal('live');
    expect(await webcaster.check().catch((error: unknown) => (error as Error).name)).to.equal(
      'InvalidStateError',
    );
    await webcaster.stopBroadcast();
  });
});

describe('a broadcast with a server that gives its word', () => {
  before(function () {
    skipUnless('webrtc h264', this);
  });

  afterEach(async () => {
    await unmountAll();
    await clearFaults();
  });

  it('counts down without a session, and can be cancelled', async () => {
    const { webcaster, events } = mountWebcaster({ countdown: '30', controls: '', lang: 'en' });
    const remaining: number[] = [];
    webcaster.addEventListener('secure-broadcast-countdown', (event) =>
      remaining.push(event.remainingSeconds),
    );
    const start = webcaster.startBroadcast().catch((error: unknown) => (error as Error).name);
    await until(() => remaining.length > 0, 'the countdown');
    expect([webcaster.state, webcaster.countdownRemaining, remaining[0]]).to.deep.equal([
      'connecting',
      30,
      30,
    ]);
    const inControls = (selector: string) => webcaster.renderRoot.querySelector(selector)?.textContent.trim();
    await until(() => inControls('p[role="status"]') === 'Live in 30', 'what is said aloud');
    expect(inControls('[part~="state"]')).to.equal(`Live in ${String(webcaster.countdownRemaining)}`);
    expect(inControls('[part~="countdown"] [aria-hidden]')).to.equal(String(webcaster.countdownRemaining));
    await webcaster.stopBroadcast({ keepPreview: true });
    expect(await start).to.equal('AbortError');
    expect([webcaster.state, webcaster.countdownRemaining]).to.deep.equal(['preview', null]);
    expect(events.filter((event) => event.includes(':'))).to.deep.equal([
      'connecting:countdown',
      'stopped:requested',
      'preview:requested',
    ]);
    const requests = await requestLog();
    expect(requests.some(({ path }) => path.startsWith(`/whip/${String(webcaster.stream)}`))).to.equal(false);
  });

  it('is on air when the server says it, off air when the server has ended it, and on air again by itself', async () => {
    const { webcaster } = mountWebcaster();
    const words: string[] = [];
    webcaster.addEventListener('secure-broadcast-on-air', ({ isOnAir, reason, source }) =>
      words.push(`${String(isOnAir)} ${reason} ${source}`),
    );
    await webcaster.startBroadcast();
    await until(() => webcaster.isOnAir === true, 'on air');
    await setFaults({ ingest: { kill: String(webcaster.stream) } });
    await until(() => words.some((word) => word.startsWith('false')), 'off air');
    await until(() => webcaster.state === 'live' && webcaster.isOnAir === true, 'on air again');
    await webcaster.stopBroadcast();
    expect(webcaster.isOnAir).to.equal(null);
    expect(words.at(0)).to.equal('true receiving server');
    expect(words).to.include('false session-ended server');
    expect(words.at(-1)).to.equal('null stopped server');
  });
});
