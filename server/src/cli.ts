import { batch, usage as batchUsage } from './cli/batch';
import { check, usage as checkUsage } from './cli/check';
import { jobs, usage as jobsUsage } from './cli/jobs';
import { lineage, usage as lineageUsage } from './cli/lineage';
import { publish, usage as publishUsage } from './cli/publish';
import { sync, usage as syncUsage } from './cli/sync';

/** The command line: one subcommand, one file in cli/. */
const commands: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  batch: (args) => batch(args, process.stdin, process.stdout),
  check: (args) => check(args, process.stdout, process.stderr, process.env),
  publish: (args) => publish(args, process.stdout, process.stderr, process.env),
  jobs: (args) => jobs(args, process.stdout, process.stderr, process.env),
  lineage: (args) => lineage(args, process.stdout, process.stderr),
  sync: (args) => sync(args, process.stdout, process.stderr, process.env),
};

async function main(): Promise<void> {
  const [name = '', ...args] = process.argv.slice(2);
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command || args.includes('--help')) {
    const asked = name === '--help' || name === 'help' || command !== undefined;
    process[asked ? 'stdout' : 'stderr'].write(
      `Usage:\n${[batchUsage, checkUsage, publishUsage, jobsUsage, lineageUsage, syncUsage].join('\n\n')}\n`,
    );
    process.exitCode = asked ? 0 : 1;
    return;
  }
  process.exitCode = await command(args);
}

// a reader that has seen enough (`| head`) is no error
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

void main();
