#!/usr/bin/env node
import { text } from 'node:stream/consumers';
import { askAtTerminal } from './cli/ask-at-terminal.js';
import { runProgram } from './cli/program.js';

// Not awaited: a bundler may put code that a command imports dynamically into this file. That import would then wait
// for this module, and this module for the command.
void runProgram(process.argv.slice(2), {
  out: (line) => process.stdout.write(line),
  note: (line) => process.stderr.write(line),
  readStdin: () => text(process.stdin),
  now: () => Date.now(),
  ask: process.stdin.isTTY && process.stderr.isTTY ? askAtTerminal : undefined,
}).then((exitCode) => {
  process.exitCode = exitCode;
});
