import { batch, usage as batchUsage } from './cli/batch';

/** The command line: one subcommand, one file in cli/. */
const commands: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  batch: (args) => batch(args, process.stdin, process.stdout),
};

async function main(): Promise<void> {
  const [name = '', ...args] = process.argv.slice(2);
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command || args.includes('--help')) {
    const asked = name === '--help' || name === 'help' || command !== undefined;
    process[asked ? 'stdout' : 'stderr'].write(`Usage:\n${batchUsage}\n`);
    process.exitCode = asked ? 0 : 1;
    return;
  }
  process.exitCode = await command(args);
}

void main();
