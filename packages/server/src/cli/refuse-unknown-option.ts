import { nearestName } from '@gatecast/contract';
import type { Command } from 'commander';

/**
 * Names an unknown option with the one that was probably meant. Commander reports a missing required option before: for
 * `--confg`, it would only say that `--config` is missing.
 */
export function refuseUnknownOption(program: Command, args: readonly string[]): void {
  let command = program;
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    if (arg === '--') return;
    if (!arg.startsWith('--')) {
      command = command.commands.find((each) => each.name() === arg) ?? command;
      continue;
    }
    const [name = ''] = arg.split('=', 1);
    const option = command.options.find(({ long }) => long === name);
    if (!option && name !== '--help') {
      const nearest = nearestName(name, [...command.options.map(({ long }) => long ?? ''), '--help']);
      command.error(
        `error: unknown option '${name}'${nearest === null ? '' : `\n(Did you mean ${nearest}?)`}`,
      );
    }
    if (option?.required && !arg.includes('=')) at += 1;
  }
}
