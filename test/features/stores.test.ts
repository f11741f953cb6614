// Which store a document belongs to, when several are in use side by side.
import { expect, it } from 'vitest';
import { Stores } from '../../server/src/workspace/stores';

interface Case {
  /** Names of connections, and folders with a catalog */
  atlas?: string[];
  catalogs?: string[];
  picks?: Record<string, string>;
  uri?: string;
}

/** The store's id, with '?' when it is unclear, or the message and advice. */
function check({ atlas = [], catalogs = [], picks, uri = 'file:///shop/orders/a.fql' }: Case, expected: string) {
  const stores = new Stores();
  const connections = atlas.map((name) => ({
    connection: { name, url: `https://${name}.example.org`, namespace: 'primary', timeout: 1000 },
  }));
  expect(stores.configure({ atlas: connections, workspaceCatalogs: catalogs, picks })).toEqual([]);
  const { store, unclear, error } = stores.pick(uri);
  expect(error ? `${error.message} ${error.advice}` : `${store?.info.id ?? 'none'}${unclear ? '?' : ''}`).toBe(
    expected,
  );
}

const shop = 'file:///shop';
it('nothing is connected', () => check({}, 'none'));
it('the only connection needs no picking', () => check({ atlas: ['prod'] }, 'atlas:prod'));
it('the first of several is asked, which is unclear', () => check({ atlas: ['prod', 'partner'] }, 'atlas:prod?'));
it('the settings pick by name', () => check({ atlas: ['prod', 'partner'], picks: { '': 'partner' } }, 'atlas:partner'));
it('… in the folder of the document', () =>
  check({ atlas: ['prod', 'partner'], picks: { '': 'prod', [shop]: 'partner' } }, 'atlas:partner'));
it('… in the innermost folder', () =>
  check({ atlas: ['prod', 'partner'], picks: { [shop]: 'prod', 'file:///shop/orders': 'partner' } }, 'atlas:partner'));
it('… not in one whose name only begins alike', () =>
  check({ atlas: ['prod', 'partner'], picks: { 'file:///sho': 'partner' } }, 'atlas:prod?'));
it('… for files outside of all folders', () =>
  check({ atlas: ['prod', 'partner'], picks: { '': 'partner' }, uri: 'untitled:Untitled-1' }, 'atlas:partner'));
it('a name that is not there is an error, never another store', () =>
  check(
    { atlas: ['prod', 'partner'], picks: { [shop]: 'prodd' } },
    'The settings of this folder pick the connection “prodd”, which you do not have. Choose another (you have “prod”, “partner”), or connect to it.',
  ));
it('… also when nothing is connected', () =>
  check(
    { picks: { [shop]: 'prod' } },
    'The settings of this folder pick the connection “prod”, which you do not have. Connect to Atlas under that name, or choose another.',
  ));
it('the catalog of the own folder is used without Atlas', () =>
  check({ catalogs: ['file:///other', shop] }, 'workspace:file:///shop'));
it('Atlas comes before a catalog', () => check({ atlas: ['prod'], catalogs: [shop] }, 'atlas:prod'));
it('the catalog can be picked beside Atlas', () =>
  check(
    { atlas: ['prod'], catalogs: ['file:///other', shop], picks: { [shop]: 'workspace' } },
    'workspace:file:///shop',
  ));
it('a catalog that is not there is an error', () =>
  check(
    { atlas: ['prod'], picks: { [shop]: 'workspace' } },
    'The settings of this folder pick the workspace catalog, and there is none. Make one, or choose a connection.',
  ));
it('a file outside of all folders with several catalogs is unclear', () =>
  check({ catalogs: ['file:///other', shop], uri: 'untitled:Untitled-1' }, 'workspace:file:///other?'));

it('a connection that cannot be used does not take the others along', () => {
  const stores = new Stores();
  const connection = { name: 'old', url: 'ftp://old', namespace: 'primary', timeout: 1000 };
  const good = { ...connection, name: 'prod', url: 'https://prod.example.org' };
  const problems = stores.configure({ atlas: [{ connection }, { connection: good }], workspaceCatalogs: [] });
  expect(problems.map(({ message }) => message)).toEqual(['Connection “old”: “ftp://old” is not a web address.']);
  expect(stores.infos.map(({ id }) => id)).toEqual(['atlas:prod']);
});
