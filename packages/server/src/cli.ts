#!/usr/bin/env node
import { text } from 'node:stream/consumers';
import { runProgram } from './cli/program.js';

// Not awaited: a bundler may put code that commands import later into this file, and that import would wait for it.
void runProgram(process.argv.slice(2), {
  out: (line) => process.stdout.write(line),
  note: (line) => process.stderr.write(line),
  readStdin: () => text(process.stdin),
  now: () => Date.now(),
}).then((exitCode) => {
  process.exitCode = exitCode;
});
