import type { TestRunner } from '@web/test-runner-core';
import { readSession } from './session-results.js';
import { writeResult } from './test-results.js';

/** Records the start of each test file, and its results as soon as it has ended. */
export function writeSessions({ sessions }: TestRunner, path: string): void {
  // The first file has started already.
  const beganMs = performance.now();
  const startedMs = new Map<string, number>();
  const ended = new Set<string>();
  sessions.on('session-status-updated', (session) => {
    const { file, tests, problems } = readSession(session);
    if (['INITIALIZING', 'STARTED'].includes(session.status) && !startedMs.has(file)) {
      startedMs.set(file, performance.now());
      writeResult(path, { type: 'file-started', file });
    }
    if (session.status !== 'FINISHED' || ended.has(file)) return;
    ended.add(file);
    for (const test of tests) writeResult(path, { type: 'test-ended', file, ...test });
    const seconds = (performance.now() - (startedMs.get(file) ?? beganMs)) / 1000;
    writeResult(path, { type: 'file-ended', file, problems, seconds });
  });
}
