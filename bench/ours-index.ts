// Indexes a workspace, in a process of its own: `ours-index.cjs FOLDER` prints one line of JSON. Needs --expose-gc.
import { DdlFiles } from '../server/src/workspace/ddl-files';
import { DdlIndex } from '../server/src/workspace/ddl-index';
import { defaultIndex, readSettings } from '../server/src/workspace/settings';

const collect = (globalThis as { gc?: () => void }).gc!;
const settings = readSettings({});
const index: DdlIndex = new DdlIndex(
  (...about) => index.find(...about),
  () => settings,
);
const files = new DdlFiles(index, () => settings);

async function main(folder: string): Promise<void> {
  collect();
  const before = process.memoryUsage();
  let peak = 0;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 20);
  const begun = performance.now();
  files.search([{ path: folder, ...defaultIndex }]);
  await files.settled;
  const ms = performance.now() - begun;
  clearInterval(watch);
  peak = Math.max(peak, process.memoryUsage().rss);
  collect();
  const kept = process.memoryUsage().heapUsed - before.heapUsed;
  // every table asked for once: what an editor could need at the most
  const names = Array.from({ length: index.files }, (_, n) => `default_catalog.default_database.events_0_${n}`);
  const found = names.filter((name) => index.find(name, `file://${folder}/job.fql`)).length;
  collect();
  const bound = process.memoryUsage().heapUsed - before.heapUsed;
  const { files: indexed, tables } = files.status;
  console.log(JSON.stringify({ ms, indexed, tables, found, kept, bound, peak: peak - before.rss }));
}

void main(process.argv[2]!);
