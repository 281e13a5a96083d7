import { expect } from 'chai';
import { backendOrigin, setFaults } from '../support/backend.js';
import { cleanPage } from './support/clean-page.js';
import { mountPlayer, nextEvent, pause, playFor, until } from './support/player-fixture.js';

/** Every secret that a token answer has brought into this page. */
const secrets = new Set<string>();
/** Everything that was said where others may read it. */
const said: string[] = [];

function describeValue(value: unknown): string {
  if (value instanceof Event) return describeEvent(value);
  if (value instanceof Error) {
    return [value.name, value.message, value.stack, JSON.stringify(value), describeValue(value.cause)].join(
      ' ',
    );
  }
  return typeof value === 'string' ? value : JSON.stringify([value]);
}

function describeEvent(event: Event): string {
  const own = Object.entries(event).map(
    ([key, value]) => `${key}=${value instanceof Node ? '' : describeValue(value)}`,
  );
  return `${event.type} ${own.join(' ')}`;
}

const EVENTS = [
  'secure-token-refreshed',
  'secure-token-failed',
  'secure-error',
  'secure-entry-changed',
  'secure-source-updated',
];

describe('tokens occur in requests only', () => {
  const realFetch = window.fetch.bind(window);
  const methods = ['log', 'info', 'warn', 'error', 'debug'] as const;
  const real = methods.map((method) => console[method].bind(console));

  before(() => {
    methods.forEach((method) => {
      console[method] = (...args: unknown[]) => {
        said.push(args.map(describeValue).join(' '));
      };
    });
    window.fetch = async (input, init) => {
      const response = await realFetch(input, init);
      if (String(input instanceof Request ? input.url : input).includes('/api/tokens')) {
        for (const [, token] of (await response.clone().text()).matchAll(/"token":"([^"]+)"/g))
          if (token) secrets.add(token);
      }
      return response;
    };
    for (const type of EVENTS)
      window.addEventListener(type, (event) => {
        said.push(describeEvent(event));
      });
  });

  after(() => {
    window.fetch = realFetch;
    methods.forEach((method, index) => {
      const own = real[index];
      if (own) console[method] = own;
    });
  });

  afterEach(cleanPage);

  const cases: Record<string, () => Promise<unknown>> = {
    'playing and renewing': async () => {
      await setFaults({ tokens: { ttlSeconds: 6 } });
      const { player } = mountPlayer();
      await nextEvent(player, 'playing');
      await playFor(player, 6);
    },
    'refused by the origin': async () => {
      await setFaults({ media: { reject: 'demo-low' } });
      await nextEvent(mountPlayer().player, 'secure-error');
    },
    'refused by the backend': async () => {
      const { player } = mountPlayer();
      await nextEvent(player, 'playing');
      await setFaults({ tokens: { refuse: 'demo-low' } });
      await player.refreshToken().catch((error: unknown) => said.push(describeValue(error)));
    },
    'an origin that breaks off': async () => {
      const { player, events } = mountPlayer();
      await nextEvent(player, 'playing');
      await setFaults({ media: { down: true } });
      await pause(4000);
      await player.refreshToken();
      await until(() => events.includes('secure-token-refreshed:manual'), 'a refresh');
    },
    'an answer of another shape': async () => {
      await setFaults({ tokens: { milliseconds: true } });
      await nextEvent(mountPlayer().player, 'secure-error');
    },
    'a token that the page sets itself': async () => {
      const secret = 'opaque.of-a-page_1234';
      secrets.add(secret);
      const { player, events } = mountPlayer({
        prepare: (element) => {
          element.token = secret;
        },
      });
      await until(() => events.includes('secure-token-refreshed:rejected'), 'another token');
      said.push(player.getAttributeNames().join(' '), JSON.stringify(player));
    },
    'a page’s own function that quotes the token in its error': async () => {
      const secret = 'sentinel-of-a-page';
      secrets.add(secret);
      const { player } = mountPlayer({
        prepare: (element) => {
          element.tokenSource = () =>
            Promise.reject(new Error(`GET ${backendOrigin()}/x?token=${secret} failed: Bearer ${secret}`));
        },
      });
      await nextEvent(player, 'secure-token-failed');
    },
  };

  for (const [name, run] of Object.entries(cases)) {
    it(name, async () => {
      await run();
      const player = document.querySelector('secure-player');
      said.push(document.documentElement.outerHTML, player?.shadowRoot?.innerHTML ?? '');
      said.push(
        JSON.stringify(player?.diagnostics()),
        JSON.stringify(player?.tokenStates),
        describeValue(player?.error),
      );
      expect(secrets.size).to.be.greaterThan(0);
      const everything = said.join('\n');
      const leaked = [...secrets].filter((secret) => everything.includes(secret));
      expect(leaked.length, 'secrets found where they must not be').to.equal(0);
    });
  }
});
