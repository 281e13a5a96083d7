#!/usr/bin/env node
import { text } from 'node:stream/consumers';
import { runProgram } from './cli/program.js';
import { Terminal } from './cli/terminal.js';

const terminal = process.stdin.isTTY && process.stderr.isTTY ? new Terminal() : undefined;

// Not awaited: a bundler may put code that a command imports dynamically into this file. That import would then wait
// for this module, and this module for the command.
void runProgram(process.argv.slice(2), {
  out: (line) => process.stdout.write(line),
  note: (line) => process.stderr.write(line),
  readStdin: () => text(process.stdin),
  now: () => Date.now(),
  ask: terminal && ((question, fallback) => terminal.ask(question, fallback)),
})
  .finally(() => terminal?.close())
  .then(
    (exitCode) => {
      process.exitCode = exitCode;
    },
    // What failed is the note itself: nothing can be written.
    () => {
      process.exitCode = 2;
    },
  );
