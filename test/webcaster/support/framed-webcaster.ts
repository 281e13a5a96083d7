import type { SecureWebcaster } from '@gatecast/webcaster';
import { mountWebcaster, until } from './webcaster-fixture.js';

export interface FramedWebcaster {
  readonly webcaster: SecureWebcaster;
  readonly frame: HTMLIFrameElement;
}

/** Mounts a webcaster in a separate page with its own policies. */
export async function mountInFrame(
  page: string,
  attributes: Record<string, string> = {},
): Promise<FramedWebcaster> {
  const frame = document.createElement('iframe');
  frame.allow = 'camera; microphone';
  frame.src = `/test/webcaster/support/${page}`;
  document.body.append(frame);
  await new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
  const { contentDocument } = frame;
  if (!contentDocument) throw new Error('The page did not load.');
  const { webcaster } = mountWebcaster(attributes, contentDocument);
  if (!contentDocument.querySelector('script[src$="framed-define.ts"]')) appendDefine(contentDocument);
  await until(() => 'startBroadcast' in webcaster, 'the element in the frame');
  return { webcaster, frame };
}

function appendDefine(page: Document): void {
  const script = page.createElement('script');
  script.type = 'module';
  script.src = '/test/webcaster/support/framed-define.ts';
  page.head.append(script);
}
