// A workspace catalog and a real Apache Atlas, and two Atlas servers at once, compared and made alike.
import { afterAll, beforeAll, describe } from 'vitest';
import { startAtlas, whyNoAtlas } from '../../scripts/atlas/atlas.mjs';
import { AtlasServer } from '../../server/src/atlas/atlasServer';
import type { MetadataStore } from '../../server/src/atlas/store';
import { syncContract } from './sync-contract';

const problem = whyNoAtlas();

describe.skipIf(problem)(`real Atlas${problem ? ` (${problem})` : ''}`, () => {
  const servers: Awaited<ReturnType<typeof startAtlas>>[] = [];
  beforeAll(async () => {
    servers.push(await startAtlas(), await startAtlas());
  });
  afterAll(async () => {
    for (const server of servers) await server.stop();
  });

  const connect = (index: number) => (namespace: string) => {
    const { url = '', user = '', password = '' } = servers[index] ?? {};
    return new AtlasServer(
      { name: `test${index}`, url, namespace, timeout: 30_000 },
      { type: 'basic', user, password },
    );
  };
  const settled = async (store: MetadataStore, typeName: string, qualifiedName: string) => {
    for (;;) {
      const { entities } = await store.search({ typeName, offset: 0, limit: 1000 });
      if (entities.some(({ attributes }) => attributes.qualifiedName === qualifiedName)) return;
    }
  };

  syncContract('a workspace catalog and Atlas', connect(0), settled);
  syncContract('two Atlas servers', connect(1), settled, connect(0));
});
