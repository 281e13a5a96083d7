import { GatecastError } from '@gatecast/token';
import type { PublisherName } from '../element/webcaster-options.js';
import type { Publisher, PublisherContext } from './publisher.js';

type CreatePublisher = (context: PublisherContext) => Publisher;

const PUBLISHERS: Readonly<Record<PublisherName, () => Promise<CreatePublisher>>> = {
  whip: () => import('./whip/whip-publisher.js').then((module) => module.createWhipPublisher),
  nanostream: () =>
    import('./nanostream/nanostream-publisher.js').then((module) => module.createNanostreamPublisher),
  'nanostream-v6': () =>
    import('./nanostream-v6/nanostream-v6-publisher.js').then((module) => module.createNanostreamV6Publisher),
};

/**
 * Loads a publisher's code and makes one.
 *
 * @throws GatecastError `publisher-unsupported` for an unknown name, `publisher-load-failed`
 */
export async function createPublisher(name: PublisherName, context: PublisherContext): Promise<Publisher> {
  if (!Object.hasOwn(PUBLISHERS, name)) {
    throw new GatecastError('publisher-unsupported', `There is no publisher "${name}".`, {
      hint: `Set the attribute publisher to one of: ${Object.keys(PUBLISHERS).join(', ')}.`,
    });
  }
  let create: CreatePublisher;
  try {
    create = await PUBLISHERS[name]();
  } catch (cause) {
    throw new GatecastError('publisher-load-failed', 'The code of this publisher cannot be loaded.', {
      hint: 'Check that all files of the build are served from one place, and the network.',
      retryable: true,
      cause,
    });
  }
  return create(context);
}
