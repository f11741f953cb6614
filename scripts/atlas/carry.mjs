// Carries a workspace catalog into an Atlas server: node scripts/atlas/carry.mjs <folder> <url>, with the credentials in
// FLINK_SQL_ATLAS_USER and FLINK_SQL_ATLAS_PASSWORD.
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadAtlasEngine } from './engine.mjs';

/**
 * Writes what Atlas does not have yet of the `.flink-atlas` folder in `folder`. `log` is told how far it is.
 * @returns {Promise<number>} how many pieces were carried
 */
export async function carryCatalog({ folder, url, user, password, log = () => {} }) {
  const { AtlasServer, WorkspaceCatalog, carryCatalog } = await loadAtlasEngine();
  const from = new WorkspaceCatalog(folder);
  const connection = { name: 'atlas', url, namespace: from.namespace, timeout: 30_000 };
  const to = new AtlasServer(connection, { type: 'basic', user, password });
  return carryCatalog(from, to, (done, total) => log(`Carrying the catalog into Atlas: ${done} of ${total}`));
}

if (process.argv[1] && import.meta.url === pathToFileURL(resolve(process.argv[1])).href) {
  const [folder, url] = process.argv.slice(2);
  const { FLINK_SQL_ATLAS_USER: user, FLINK_SQL_ATLAS_PASSWORD: password } = process.env;
  if (!folder || !url || !user || !password) {
    console.error(
      'Usage: node scripts/atlas/carry.mjs <folder> <url>, with FLINK_SQL_ATLAS_USER and FLINK_SQL_ATLAS_PASSWORD set.',
    );
    process.exit(1);
  }
  const carried = await carryCatalog({ folder, url, user, password, log: console.log });
  console.log(`${carried} pieces carried into ${url}.`);
}
