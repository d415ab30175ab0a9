import { InputError } from '../policy/json-policy.ts';
import { UnknownNameError } from '../suite/names.ts';
import type { Command, Terminal } from './command.ts';
import { contention } from './contention.ts';
import { list } from './list.ts';
import { sensitivity } from './sensitivity.ts';
import { sim } from './sim.ts';
import { watch } from './watch.ts';

const commands: readonly Command[] = [sim, sensitivity, list, contention, watch];

/** Runs one command line; the number is the process's exit code. */
export async function main([name, ...args]: readonly string[], terminal: Terminal): Promise<number> {
  const command = commands.find((each) => each.name === name);
  if (command === undefined) {
    const isHelp = name === undefined || name === '--help' || name === 'help';
    terminal.err.write(isHelp ? help() : `There is no command '${name}'.\n\n${help()}`);
    return isHelp ? 0 : 2;
  }
  try {
    if (args.includes('--help')) terminal.out(`paceline-lab ${command.usage}\n\n${command.does}\n`);
    else await command.run(args, terminal);
    return 0;
  } catch (error) {
    if (!(error instanceof InputError || error instanceof UnknownNameError)) throw error;
    terminal.err.write(`${error.message}\n`);
    return 2;
  }
}

function help(): string {
  const lines = commands.flatMap(({ usage, does }) => [`  paceline-lab ${usage}`, `      ${does}`, '']);
  return ['Simulates retry policies against modelled servers, and watches an engine at work.', '', ...lines].join('\n');
}
