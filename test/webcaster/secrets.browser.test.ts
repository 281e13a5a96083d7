import { allowVendorScripts, type SecureWebcaster } from '@gatecast/webcaster';
import type { SignInOptions } from '@gatecast/webcaster/internal/publisher/nanostream/rtc-user';
import { expect } from 'chai';
import { EMPTY_SCRIPT, installRtcUser } from '../doubles/rtc-user-double.js';
import { RtcUser516 } from '../doubles/rtc-user/rtc-user-5-16.js';
import { WebcasterV6Double } from '../doubles/webcaster-v6-double.js';
import type { RelayTrait } from '../doubles/whip-relay.js';
import { backendOrigin, clearFaults, setFaults, type Faults } from '../support/backend.js';
import { hasFeature } from '../support/feature.js';
import { SecretListener } from './support/listen-for-secrets.js';
import { relayedEndpoint } from '../support/relayed-ingest.js';
import { mountWebcaster, unmountAll, until, untilState } from './support/webcaster-fixture.js';

/** Not a JWT, and not in a parameter with a typical name, so nothing marks it as a secret. */
const OPAQUE = 'sentinel.5f1c9ad2e84b';
/** A JWT with an invalid signature. */
const UNSIGNED = `${btoa('{"alg":"none"}')}.${btoa('{"sub":"sentinel"}')}.c2VudGluZWw`;

const secrets = new Set([OPAQUE, UNSIGNED]);

/** A token in the notations in which programs quote it. */
function quote(token: string): string {
  return `${token} is an invalid header value, auth=${token} /t/${encodeURIComponent(token)}/a ${btoa(token)} ${JSON.stringify(token)}`;
}

/** A token source of opaque tokens that can be read nowhere but in requests. */
function opaqueTokens(): () => Promise<{ token: string; expiresAt: number }> {
  let serial = 0;
  return () => {
    const token = `${OPAQUE}${String((serial += 1))}`;
    secrets.add(token).add(btoa(token).replace(/=+$/, ''));
    return Promise.resolve({ token, expiresAt: Date.now() / 1000 + 60 });
  };
}

/** A vendor's client, v5 or v6, that quotes its token in every error. */
class TalkativeRtcUser extends RtcUser516 {
  static failsAt: 'signIn' | 'startBroadcast' | 'later' = 'signIn';

  override signIn(call: SignInOptions): void {
    if (TalkativeRtcUser.failsAt === 'signIn') this.#fail('SignInError', 103003, call.jwt);
    else super.signIn(call);
  }

  override startBroadcast(call: { jwt: string }): void {
    if (TalkativeRtcUser.failsAt === 'startBroadcast') this.#fail('StartBroadcastError', 5000, call.jwt);
    else super.startBroadcast(call);
    if (TalkativeRtcUser.failsAt === 'later')
      setTimeout(() => this.#fail('BroadcastError', 5000, call.jwt), 50);
  }

  #fail(event: string, code: number, jwt: string): void {
    setTimeout(() =>
      this.emit(event, { error: { code, message: `JWT ${jwt} will not do, nor ${quote(jwt)}` } }),
    );
  }
}

class TalkativeWebcasterV6 extends WebcasterV6Double {
  static status = 500;
  readonly #token: string;

  constructor(config: ConstructorParameters<typeof WebcasterV6Double>[0]) {
    super(config);
    this.#token = config.auth.token;
  }

  override startBroadcast(): Promise<void> {
    const message = `Request failed with status ${String(TalkativeWebcasterV6.status)} (${quote(this.#token)}, Authorization: Bearer ${this.#token})`;
    return Promise.reject(Object.assign(new Error(message), { code: 11001 }));
  }
}

describe('ingest tokens appear only in requests', () => {
  const realFetch = window.fetch.bind(window);
  let listener: SecretListener;

  before(() => {
    window.fetch = async (input, init) => {
      const response = await realFetch(input, init);
      if ((input instanceof Request ? input.url : String(input)).includes('/api/tokens')) {
        const text = await response.clone().text();
        for (const [token] of text.matchAll(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g)) secrets.add(token);
      }
      return response;
    };
  });

  after(() => {
    window.fetch = realFetch;
  });

  beforeEach(() => {
    listener = new SecretListener();
  });

  afterEach(async () => {
    await unmountAll();
    await clearFaults();
    listener.stop();
  });

  /** Starts a broadcast that must fail. A start that is retried is stopped after its first failure. */
  async function fail(webcaster: SecureWebcaster): Promise<void> {
    const start = { isOver: false };
    const over = webcaster
      .startBroadcast()
      .catch((error: unknown) => listener.add(error))
      .finally(() => {
        start.isOver = true;
      });
    await until(async () => {
      const diagnostics = JSON.stringify(await webcaster.diagnostics());
      listener.add(diagnostics);
      return start.isOver || diagnostics.includes('session-refused');
    }, 'the refusal');
    listener.readDocument();
    if (!start.isOver) await webcaster.stopBroadcast();
    await over;
  }

  /** Signs in, which must fail. A sign-in that is retried is only awaited until its first failure. */
  function failToSignIn(webcaster: SecureWebcaster): Promise<unknown> {
    return Promise.race([
      webcaster.signIn().catch((error: unknown) => listener.add(error)),
      new Promise((resolve) => webcaster.addEventListener('secure-token-failed', resolve, { once: true })),
    ]);
  }

  async function expectSilence(webcaster: SecureWebcaster): Promise<void> {
    await webcaster.updateComplete;
    listener.add(await webcaster.diagnostics());
    listener.readDocument();
    expect(listener.countFound(secrets), 'secrets found where they must not be').to.equal(0);
  }

  const backendFaults: Record<string, Faults> = {
    'a token that is refused': { tokens: { fail: 1, status: 403 } },
    'a token endpoint that is down': { tokens: { fail: 9, status: 503 } },
    'an answer of another shape': { tokens: { shape: 'wrong' } },
    'an answer that is a page': { tokens: { shape: 'html' } },
    'times in milliseconds': { tokens: { milliseconds: true } },
    'a token that has expired': { tokens: { expired: true } },
  };
  for (const [name, faults] of Object.entries(backendFaults)) {
    it(`in ${name}`, async () => {
      await setFaults(faults);
      const { webcaster } = mountWebcaster({ controls: '' });
      await failToSignIn(webcaster);
      await expectSilence(webcaster);
    });
  }

  it('in a page’s own function that quotes the token in its error', async () => {
    const { webcaster } = mountWebcaster({ controls: '' });
    webcaster.tokenSource = () =>
      Promise.reject(new Error(`GET /x?token=${OPAQUE} failed: Bearer ${OPAQUE}, ${UNSIGNED}`));
    await failToSignIn(webcaster);
    await expectSilence(webcaster);
  });

  if (!hasFeature('webrtc')) return;

  const refusals: RelayTrait[] = [
    ...([401, 403, 404, 409, 415, 429, 500, 503] as const).map((status) => `status-${status}` as const),
    'answer-quotes-token',
    'cut',
    'redirect-307',
    'redirect-308',
  ];
  for (const trait of refusals) {
    it(`at an ingest with ${trait}`, async () => {
      const { webcaster } = mountWebcaster({ controls: '', endpoint: relayedEndpoint(trait) });
      webcaster.tokenSource = opaqueTokens();
      await fail(webcaster);
      await expectSilence(webcaster);
    });
  }

  for (const step of ['signIn', 'startBroadcast', 'later'] as const) {
    it(`in errors of the vendor’s v5 client at ${step}`, async () => {
      const uninstall = installRtcUser(TalkativeRtcUser);
      TalkativeRtcUser.failsAt = step;
      try {
        const { webcaster } = mountWebcaster({
          controls: '',
          publisher: 'nanostream',
          'publisher-src': EMPTY_SCRIPT,
          endpoint: '/p/webrtcws',
          'reconnect-for': '1',
        });
        // The double reads the claims of a token with which it signs in.
        if (step === 'signIn') webcaster.tokenSource = opaqueTokens();
        await fail(webcaster);
        if (step === 'later') await until(() => webcaster.state !== 'live', 'trouble');
        await expectSilence(webcaster);
      } finally {
        uninstall();
      }
    });
  }

  for (const status of [401, 404, 500] as const) {
    it(`in errors of the vendor’s v6 client for HTTP ${String(status)}`, async () => {
      Object.assign(globalThis, { WebcasterApiV6: { Webcaster: TalkativeWebcasterV6 } });
      TalkativeWebcasterV6.status = status;
      try {
        const { webcaster } = mountWebcaster({
          controls: '',
          publisher: 'nanostream-v6',
          'publisher-src': EMPTY_SCRIPT,
          endpoint: `${backendOrigin()}/whip`,
        });
        webcaster.tokenSource = opaqueTokens();
        await fail(webcaster);
        await expectSilence(webcaster);
      } finally {
        WebcasterV6Double.instances.length = 0;
        Reflect.deleteProperty(globalThis, 'WebcasterApiV6');
      }
    });
  }

  for (const isAllowed of [false, true]) {
    it(`when the vendor’s script ${isAllowed ? 'cannot be loaded' : 'is not allowed'}`, async () => {
      // Browsers block this port, so no report of a missing file contains the URL.
      const script = `https://127.0.0.1:9/script.js?token=${OPAQUE}`;
      if (isAllowed) allowVendorScripts(['https://127.0.0.1:9/']);
      const { webcaster } = mountWebcaster({
        controls: '',
        publisher: 'nanostream',
        'publisher-src': script,
        endpoint: '/p/webrtcws',
      });
      // Only the page's own attribute may contain the secret.
      webcaster.removeAttribute('publisher-src');
      webcaster.publisherSrc = script;
      await fail(webcaster);
      await expectSilence(webcaster);
    });
  }

  if (!hasFeature('webrtc h264')) return;

  it('when a broadcast fails because its network is cut', async function () {
    const { webcaster } = mountWebcaster({ controls: '', 'reconnect-for': '1' });
    await webcaster.startBroadcast();
    await setFaults({ tokens: { down: true }, ingest: { kill: true, refuse: { retryAfterSeconds: 1 } } });
    await untilState(webcaster, 'failed');
    await expectSilence(webcaster);
    expect(secrets.size).to.be.greaterThan(2);
  });
});
