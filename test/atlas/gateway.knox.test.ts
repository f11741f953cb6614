// A real Apache Knox before a real Apache Atlas: user and password, the cookie of KnoxSSO, a token of the gateway's service.
import { readFileSync } from 'node:fs';
import https from 'node:https';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startAtlas, whyNoAtlas } from '../../scripts/atlas/atlas.mjs';
import { prepareKnox, whyNoKnox } from '../../scripts/atlas/knox.mjs';
import { AtlasServer } from '../../server/src/atlas/atlasServer';
import { applyPublish, planPublish } from '../../server/src/atlas/publish';
import { StoreError } from '../../server/src/atlas/store';
import type { Secret } from '../../server/src/protocol';
import { enrichOrders } from './jobs';

const advice =
  'Connect with a Knox token (the cookie hadoop-jwt), or with user and password where the gateway takes them.';
const missing = whyNoAtlas() ?? whyNoKnox();

describe.skipIf(missing)(`a real Knox${missing ? ` (${missing})` : ''}`, () => {
  let atlas: Awaited<ReturnType<typeof startAtlas>>;
  let knox: Awaited<ReturnType<typeof prepareKnox>>;
  beforeAll(async () => {
    knox = await prepareKnox();
    atlas = await startAtlas({ flinkTypes: true, properties: knox.atlasProperties });
    await knox.start(atlas);
  });
  afterAll(async () => {
    await knox?.stop();
    await atlas?.stop();
  });

  const connect = (topology: string, secret: Secret | undefined) =>
    new AtlasServer(
      {
        name: 'prod',
        url: `${knox.url}/${topology}/atlas`,
        namespace: topology,
        timeout: 30_000,
        ca: knox.certificate,
      },
      secret,
    );
  const who = async (topology: string, secret: Secret | undefined) => {
    try {
      const { version, user } = await connect(topology, secret).status();
      return `${user} ${version}`;
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      return `${error.code}: ${error.message} ${error.advice}`.replace(/:\d+/g, ':1');
    }
  };
  /** What the gateway answers to the user's password. */
  const signedIn = (path: string): Promise<{ body: string; cookies: string[] }> =>
    new Promise((done, fail) => {
      const ca = readFileSync(knox.certificate);
      https
        .get(`${knox.url}/${path}`, { ca, auth: `${atlas.user}:${atlas.password}` }, (response) => {
          let body = '';
          response.on('data', (chunk) => {
            body += chunk;
          });
          response.on('end', () => done({ body, cookies: response.headers['set-cookie'] ?? [] }));
        })
        .on('error', fail);
    });
  const cookie = async () => {
    const back = encodeURIComponent(`${knox.url}/sso/atlas/api/atlas/admin/version`);
    const { cookies } = await signedIn(`knoxsso/api/v1/websso?originalUrl=${back}`);
    return /hadoop-jwt=([^;]+)/.exec(cookies.join('; '))?.[1] ?? '';
  };
  const basic = (password: string): Secret => ({ type: 'basic', user: atlas.user, password });

  test('user and password', async () => {
    expect(await who('basic', basic(atlas.password))).toBe('admin 2.1.0');
    expect(await who('basic', basic('wrong'))).toBe(
      'unauthorized: 127.0.0.1:1 refused the user admin with this password. Connect again with the right ones.',
    );
    expect(await who('basic', undefined)).toBe(
      'unauthorized: 127.0.0.1:1 asks who you are. Connect with a user and password, or a token.',
    );
  });

  test('the cookie of KnoxSSO', async () => {
    expect(await who('sso', { type: 'knox', token: await cookie() })).toBe('admin 2.1.0');
    expect(await who('sso', { type: 'knox', token: 'nonsense' })).toBe(
      `unauthorized: The gateway at 127.0.0.1:1 refused this token. ${advice}`,
    );
    expect(await who('sso', undefined)).toBe(`unauthorized: The gateway at 127.0.0.1:1 asks you to sign in. ${advice}`);
    expect(await who('sso', basic(atlas.password))).toBe(
      `unauthorized: The gateway at 127.0.0.1:1 refused the user admin with this password. ${advice}`,
    );
  });

  test('a token of the token service', async () => {
    const { body } = await signedIn('basic/knoxtoken/api/v1/token');
    const token = (JSON.parse(body) as { access_token: string }).access_token;
    expect(await who('sso', { type: 'knox', token })).toBe('admin 2.1.0');
  });

  test('an address that the gateway does not have', async () => {
    expect(await who('nowhere', basic(atlas.password))).toBe(
      'not-atlas: There is no Atlas at https://127.0.0.1:1/gateway/nowhere/atlas. Check the path of the address.',
    );
  });

  test.each(['basic', 'sso'])('a job is published through %s, and nothing the second time', async (topology) => {
    const store = connect(
      topology,
      topology === 'basic' ? basic(atlas.password) : { type: 'knox', token: await cookie() },
    );
    await applyPublish(store, await planPublish(store, enrichOrders()), { types: 'create' });
    const [topic] = await store.findByName('kafka_topic', [`shop.orders@${topology}`]);
    const graph = await store.lineage(topic?.entity.guid ?? '', 'OUTPUT', 3);
    const reached = Object.values(graph.guidEntityMap).map(({ attributes }) => attributes.qualifiedName);
    expect(reached).toContain(`shop.enriched@${topology}`);
    expect((await planPublish(store, enrichOrders())).preview.summary).toBe('');
  });
});
