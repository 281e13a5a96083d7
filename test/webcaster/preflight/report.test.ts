import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatecastError } from '@gatecast/token';
import { reportOf, type CheckItem } from '@gatecast/webcaster/internal/preflight/check-report';
import { measureUpload } from '@gatecast/webcaster/internal/preflight/measure-upload';
import { runSteps, type CheckStep } from '@gatecast/webcaster/internal/preflight/run-steps';
import { FakeClock } from '../../support/fake-clock.js';

const item = (name: CheckItem['name'], result: CheckItem['result'], code: CheckItem['code']): CheckItem => ({
  name,
  result,
  code,
  message: `The ${name} is ${result}.`,
  ...(result !== 'passed' && { hint: `Mend the ${name}.` }),
});

describe('the verdict of a check', () => {
  it('is ready when nothing speaks against it', () => {
    const report = reportOf([item('token', 'passed', 'token-ok'), item('camera', 'passed', 'camera-ok')]);
    assert.deepEqual([report.verdict, report.message], ['ready', 'Ready to go live.']);
    assert.deepEqual(
      report.checks.map(({ name }) => name),
      ['camera', 'token'],
      'rows have a fixed order',
    );
  });

  it('does not count what was skipped as good', () => {
    const skipped = item('upload', 'skipped', 'upload-unmeasured');
    assert.match(reportOf([skipped]).message, /as far as it was checked\. Not checked: upload\./);
    assert.equal(reportOf([item('camera', 'skipped', 'not-used')]).message, 'Ready to go live.');
  });

  it('warns when the camera or the microphone of the broadcast was not measured', () => {
    const { verdict, code } = reportOf([item('camera', 'skipped', 'page-hidden')]);
    assert.deepEqual([verdict, code], ['warning', 'page-hidden']);
    assert.equal(reportOf([item('microphone', 'skipped', 'microphone-unmeasured')]).verdict, 'warning');
  });

  it('names the most important reason, and how many others there are', () => {
    const report = reportOf([
      item('camera', 'failed', 'camera-frozen'),
      item('token', 'failed', 'token-refused'),
      item('upload', 'warning', 'upload-tight'),
    ]);
    assert.equal(report.verdict, 'failed');
    assert.equal(report.code, 'token-refused');
    assert.equal(report.message, 'Not ready: the token is failed (1 more below).');
    assert.equal(report.hint, 'Mend the token.');
  });

  it('warns when only warnings are left', () => {
    const report = reportOf([item('microphone', 'warning', 'microphone-low')]);
    assert.deepEqual([report.verdict, report.code], ['warning', 'microphone-low']);
  });
});

describe('the steps of a check', () => {
  const run = (steps: CheckStep[], fake: FakeClock, signal = new AbortController().signal) => {
    const seen: string[] = [];
    const onItem = ({ name }: CheckItem): void => void seen.push(name);
    return { seen, work: runSteps(steps, { clock: fake.clock, signal, onItem }) };
  };

  it('turn errors into rows, with the words of the error', async () => {
    const fake = new FakeClock();
    const refusal = new GatecastError('token-refused', 'The backend refused.', { hint: 'Sign in.' });
    const { work } = run(
      [
        { name: 'token', limitMs: 1000, run: () => Promise.reject(refusal) },
        { name: 'camera', limitMs: 1000, run: () => Promise.reject(new Error('secret text')) },
      ],
      fake,
    );
    const [token, camera] = await work;
    assert.deepEqual(token, {
      name: 'token',
      result: 'failed',
      code: 'token-refused',
      message: 'The backend refused.',
      hint: 'Sign in.',
    });
    assert.doesNotMatch(JSON.stringify(camera), /secret text/);
    assert.equal(fake.clock.pending, 0);
  });

  it('end at their time limit, also if the step does not', async () => {
    const fake = new FakeClock();
    const { work, seen } = run(
      [
        { name: 'ingest', limitMs: 3000, run: () => new Promise(() => undefined) },
        {
          name: 'token',
          limitMs: 1000,
          run: () => Promise.resolve({ result: 'passed', code: 'token-ok', message: 'Good.' }),
        },
      ],
      fake,
    );
    await fake.advance(3000);
    const [ingest] = await work;
    assert.deepEqual([ingest?.result, ingest?.code], ['failed', 'timed-out']);
    assert.deepEqual(seen, ['token', 'ingest']);
    assert.equal(fake.clock.pending, 0);
  });

  it('end with the signal', async () => {
    const fake = new FakeClock();
    const controller = new AbortController();
    const steps: CheckStep[] = [{ name: 'ingest', limitMs: 3000, run: () => new Promise(() => undefined) }];
    const { work, seen } = run(steps, fake, controller.signal);
    const outcome = assert.rejects(work, { name: 'AbortError' });
    controller.abort(new DOMException('The broadcast starts.', 'AbortError'));
    await outcome;
    assert.deepEqual([seen, fake.clock.pending], [[], 0]);
  });
});

describe('the measurement of the upload', () => {
  /** A network with a rate and a round trip, and a server that may refuse sizes. */
  const measure = (kbps: number, { roundTripMs = 50, limitBytes = Infinity, status = 413 } = {}) => {
    const fake = new FakeClock();
    const sizes: number[] = [];
    let nowMs = 0;
    const work = measureUpload({
      url: 'https://upload.example/test',
      clock: { ...fake.clock, now: () => nowMs },
      signal: new AbortController().signal,
      broadcastKbps: 2628,
      random: () => undefined,
      fetch: (_url, { body }) => {
        const size = (body as Uint8Array).length;
        sizes.push(size);
        nowMs += roundTripMs + (size * 8) / kbps;
        return Promise.resolve(new Response(null, { status: size > limitBytes ? status : 204 }));
      },
    });
    return { work, sizes };
  };

  it('sends little over a fast network', async () => {
    const { work, sizes } = measure(50_000);
    assert.equal((await work).code, 'upload-ok');
    assert.deepEqual(sizes, [1, 1, 1, 131_072, 524_288]);
  });

  it('measures a slow one until its rate is known', async () => {
    const { work, sizes } = measure(2000);
    const finding = await work;
    assert.equal(finding.code, 'upload-low');
    assert.ok(Math.abs(Number(finding.value?.['uploadKbps']) - 2000) < 5);
    assert.ok(sizes.length <= 5 && Math.max(...sizes) <= 4 * 1024 * 1024);
  });

  it('does not believe one lucky request', async () => {
    let nowMs = 0;
    // One retry of the Wi-Fi makes the second request slow, and a buffer takes 128 KiB at once.
    const times = [60, 640, 60, 200, 2900, 2900];
    const { code } = await measureUpload({
      url: 'https://ingest.example/test',
      clock: { ...new FakeClock().clock, now: () => nowMs },
      signal: new AbortController().signal,
      broadcastKbps: 2628,
      random: () => undefined,
      fetch: () => {
        nowMs += times.shift() ?? 2900;
        return Promise.resolve(new Response(null, { status: 204 }));
      },
    });
    assert.equal(code, 'upload-low');
  });

  it('keeps what it knows when the server takes no larger test', async () => {
    assert.equal((await measure(3000, { limitBytes: 200_000 }).work).code, 'upload-tight');
  });

  it('says that the server refuses the test', async () => {
    const finding = await measure(3000, { limitBytes: 0, status: 403 }).work;
    assert.deepEqual([finding.result, finding.code], ['warning', 'upload-refused']);
    assert.match(finding.message, /HTTP 403/);
  });
});
