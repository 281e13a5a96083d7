import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { shareOut } from './share-out.js';
import { isCiTest } from './test-files.js';

/** Folders of tests that can share a process: their files start no browsers or programs and do not change their process. */
const pureFolders = [
  'test/bench/',
  'test/contract/',
  'test/demo/',
  'test/element/',
  'test/player/',
  'test/qa/',
  'test/server/',
  'test/token/',
  'test/webcaster/',
];
/**
 * Files in those folders that start browsers or programs, have hooks for all tests of their process, take long, replace what
 * their process has one of, give the page's memory of its own tokens words such as "a", which other tests have in their
 * addresses, or need a memory without such words.
 */
const impureFiles = [
  'test/bench/by-hand/endpoints/hand-written-endpoints.test.ts',
  'test/bench/by-hand/keep-item.test.ts',
  'test/demo/content-security-policy.test.ts',
  'test/demo/controls.test.ts',
  'test/demo/demo-server.test.ts',
  'test/demo/embed.test.ts',
  'test/demo/foreign-origins.test.ts',
  'test/demo/hostile-requests.test.ts',
  'test/demo/lab/lab-page.test.ts',
  'test/demo/start-line.test.ts',
  'test/demo/trusted-keys.test.ts',
  'test/demo/vendor-link.test.ts',
  'test/demo/whep/whep-limits.test.ts',
  'test/demo/whip-ingest.test.ts',
  'test/element/token-session.test.ts',
  'test/player/embed/connect-embed.test.ts',
  'test/player/embed/open-embed.test.ts',
  'test/player/nanoplayer-socket-double.test.ts',
  'test/player/whep/whep-engine.test.ts',
  'test/player/whep/whep-events.test.ts',
  'test/player/whep/whep-recovery.test.ts',
  'test/player/whep/whep-refused-picture.test.ts',
  'test/player/whep/whep-requests.test.ts',
  'test/player/whep/whep-server-word.test.ts',
  'test/player/whep/whep-start.test.ts',
  'test/player/whep/whep-still-picture.test.ts',
  'test/player/whep/whep-token-ends.test.ts',
  'test/player/whep/whep-unstarted.test.ts',
  'test/qa/qa-command.test.ts',
  'test/server/admin-workers.ci.test.ts',
  'test/server/admin.test.ts',
  'test/server/caller-tokens.test.ts',
  'test/server/cli-mistakes.test.ts',
  'test/server/drain-server.test.ts',
  'test/server/grant-property.test.ts',
  'test/server/hostile-requests.test.ts',
  'test/server/init.test.ts',
  'test/server/init-terminal.test.ts',
  'test/server/interop.test.ts',
  'test/server/push.test.ts',
  'test/server/ready-server.test.ts',
  'test/server/remote-keys.test.ts',
  'test/server/serve-media.test.ts',
  'test/server/serve-workers.test.ts',
  'test/server/serve.test.ts',
  'test/server/signing-key.test.ts',
  'test/server/token-verifier.test.ts',
  'test/token/access-end.test.ts',
  'test/token/known-secrets.test.ts',
  'test/token/messages-pass-redaction.test.ts',
  'test/token/redact.test.ts',
  'test/token/started-requests.test.ts',
  'test/token/tabs-failure.test.ts',
  'test/token/tabs-limits.test.ts',
  'test/token/tabs-private.test.ts',
  'test/token/tabs-push.test.ts',
  'test/token/tabs.test.ts',
  'test/token/token-function-response.test.ts',
  'test/webcaster/capture/open-track.test.ts',
  'test/webcaster/leaving.test.ts',
  'test/webcaster/publisher/whip/whip-session.test.ts',
];
/** Twice as many as run at a time, so that the last ones end at about the same time. */
const PROCESSES = 8;

/** Whether a test file may share a process with others. */
export function isPure(file: string): boolean {
  return (
    !isCiTest(file) && pureFolders.some((folder) => file.startsWith(folder)) && !impureFiles.includes(file)
  );
}

/** A Node process and its test files. */
export interface TestProcess {
  /** The entry file. */
  readonly entry: string;
  readonly files: readonly string[];
}

export interface SharedProcesses {
  readonly processes: readonly TestProcess[];
  readonly remove: () => void;
}

/**
 * Groups pure test files into few processes. The start of a process takes a second of CPU time, such a test only
 * milliseconds.
 */
export function shareProcesses(files: readonly string[]): SharedProcesses {
  const folder = resolve('.build', `node-tests-${process.pid}`);
  const groups = shareOut(files.filter(isPure), PROCESSES, {}).filter((group) => group.length > 1);
  const grouped = new Set(groups.flat());
  mkdirSync(folder, { recursive: true });
  const shared = groups.map((group, index): TestProcess => {
    const entry = join(folder, `pure-${index + 1}.test.mjs`);
    const imports = group.map((file) => `import ${JSON.stringify(pathToFileURL(resolve(file)).href)};\n`);
    writeFileSync(entry, imports.join(''));
    return { entry, files: group };
  });
  const single = files
    .filter((file) => !grouped.has(file))
    .map((file): TestProcess => ({ entry: file, files: [file] }));
  return {
    processes: [...shared, ...single],
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
