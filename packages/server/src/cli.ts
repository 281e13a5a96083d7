#!/usr/bin/env node
import { text } from 'node:stream/consumers';
import { runProgram } from './cli/program.js';

process.exitCode = await runProgram(process.argv.slice(2), {
  out: (line) => process.stdout.write(line),
  note: (line) => process.stderr.write(line),
  readStdin: () => text(process.stdin),
  now: () => Date.now(),
});
