import { SecurePlayer, SecureWebcaster } from '@gatecast/react';
import type {} from '@gatecast/player/react';

/** The components, and a tag without a component: both have types, and both render on the server. */
export default function Page() {
  return (
    <main>
      <SecurePlayer id="wrapped" src="/live/demo.m3u8" tokenUrl="/api/tokens" muted autoplay />
      <SecureWebcaster endpoint="/whip/studio" />
      <secure-player id="bare" preload="none" token-url="/api/tokens" src="/live/demo.m3u8"></secure-player>
    </main>
  );
}
