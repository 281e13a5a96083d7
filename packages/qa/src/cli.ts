import { runQaCommand } from './command/run-qa-command.js';

void runQaCommand(process.argv.slice(2), {
  name: 'gatecast-qa',
  out: (text) => process.stdout.write(text),
  note: (text) => process.stderr.write(text),
}).then((exitCode) => {
  process.exitCode = exitCode;
});
