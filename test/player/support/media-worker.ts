// What the test server serves as the worker script of a page.
import '@gatecast/player/internal/media-worker';
