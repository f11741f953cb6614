import { type Key, keyOf, typesOf } from '../atlas/desired';
import { type EntityWithOwned, refsOf } from '../atlas/entity';
import {
  findDatasets,
  readDatasets,
  readProcesses,
  type StoreDataset,
  type StoreLink,
  type StoreProcess,
} from '../atlas/lineage';
import { datasetsOf } from '../atlas/mapping';
import { type MetadataStore, StoreError, throwIfAborted, toUserError } from '../atlas/store';
import { processesOf } from '../atlas/tree';
import type { AnalysedDocument } from '../features/analysed-document';
import {
  addDataset,
  addProcess,
  addScript,
  connect,
  LineageBuilder,
  type ResolveSource,
  type ScriptContext,
  shownLinks,
} from '../features/lineage-graph';
import type { LineageExpansion, LineageGraph, LineageNode } from '../protocol';

/** Nodes of a graph at most: what is beyond is not expanded. */
const MOST_NODES = 3_000;

/** What was read of one store. A guid or key that is not there has the value null. */
interface Known {
  datasets: Map<string, StoreDataset | null>;
  processes: Map<string, StoreProcess | null>;
  guids: Map<string, string | null>;
}

/** A script as the graph takes it; `offset` narrows it to the statement there, `cursor` only makes that the focus. */
export interface ScriptToTrace {
  document: AnalysedDocument;
  context: Omit<ScriptContext, 'types'>;
  offset?: number;
  cursor?: number;
}

/**
 * Puts together the lineage of scripts and of things in stores. What was read of a store is kept until `clear`, so that
 * a graph that follows the typing in a script asks nobody.
 */
export class LineageReader {
  private known = new WeakMap<MetadataStore, Known>();

  /** `resolve` finds the script of a process in the workspace. */
  constructor(private readonly resolve: ResolveSource = () => undefined) {}

  /** Forgets what was read. */
  clear(): void {
    this.known = new WeakMap();
  }

  /**
   * The lineage of a script, with what a store knows of its datasets and of the nodes in `expanded`. Without a store, or where
   * it cannot be asked, what the script says; `problem` tells why. Only cancellation is thrown.
   */
  async ofScript(
    { document, context, offset, cursor }: ScriptToTrace,
    store: MetadataStore | undefined,
    expanded: readonly LineageExpansion[],
    signal?: AbortSignal,
  ): Promise<LineageGraph> {
    const alone = new LineageBuilder();
    const { writes, focus, sink, keys: nothing } = addScript(alone, document, context, { offset, cursor });
    const title = sink === undefined ? context.job.name : `${context.job.name} → ${sink}`;
    const rest = {
      ...(focus ? { focus } : {}),
      ...(writes === 0 ? { empty: nothingWritten(document) } : {}),
    };
    if (!store || (writes === 0 && nothing.length === 0 && alone.nodes.size === 0)) return alone.graph(title, rest);
    try {
      const types = await this.typesOf(store, document, context, signal);
      const builder = new LineageBuilder();
      const { keys } = addScript(builder, document, { ...context, types }, { offset, cursor });
      const reading = new Reading(builder, store, this.knownOf(store), this.resolve, signal);
      await reading.find(keys);
      await reading.expand(expanded);
      return reading.graph(title, { ...rest, store: store.info });
    } catch (error) {
      if (error instanceof StoreError && error.code === 'cancelled') throw error;
      return alone.graph(title, { ...rest, store: store.info, problem: toUserError(error) });
    }
  }

  /** The lineage around a dataset, column, process or job of a store. Throws a StoreError. */
  async ofStore(
    store: MetadataStore,
    target: Key,
    expanded: readonly LineageExpansion[],
    signal?: AbortSignal,
  ): Promise<LineageGraph> {
    const found = await anchor(store, target, signal);
    const builder = new LineageBuilder();
    const reading = new Reading(builder, store, this.knownOf(store), this.resolve, signal);
    const focus = found.processes
      ? await reading.startWithProcesses(found.processes, expanded)
      : await reading.startWithDataset(found.guid, expanded);
    await reading.expand(expanded);
    return reading.graph(found.title, { store: store.info, ...(focus ? { focus } : {}) });
  }

  private typesOf(
    store: MetadataStore,
    { analysis }: AnalysedDocument,
    { mapping }: ScriptToTrace['context'],
    signal: AbortSignal | undefined,
  ): Promise<Set<string>> {
    const wanted = [...analysis.tables.values()].flatMap((table) => datasetsOf(table, mapping)).flatMap(typesOf);
    return store.knownTypes([...new Set(['flink_table', ...wanted])], signal);
  }

  private knownOf(store: MetadataStore): Known {
    let known = this.known.get(store);
    if (!known) {
      known = { datasets: new Map(), processes: new Map(), guids: new Map() };
      this.known.set(store, known);
    }
    return known;
  }
}

/** Why a script has no lineage, and what to do. */
function nothingWritten({ statements }: AnalysedDocument): string {
  return statements.length === 0
    ? 'This script is empty. Its lineage is shown here as soon as a statement writes to a table.'
    : 'This script does not write anything yet. Add an INSERT INTO, and its lineage is shown here.';
}

/** What a target stands for: a dataset, or the processes of a job. */
async function anchor(
  store: MetadataStore,
  { typeName, qualifiedName }: Key,
  signal: AbortSignal | undefined,
): Promise<{ title: string; guid: string; processes?: string[] }> {
  const gone = () =>
    new StoreError('conflict', `${qualifiedName} is not in ${store.info.label} any more.`, 'Refresh and try again.');
  let [found] = await store.findByName(typeName, [qualifiedName], signal);
  if (!found) throw gone();
  // a column is shown with its table, what Flink declares of a dataset with the dataset, column lineage with its process
  for (const attribute of ['table', 'process', 'dataset']) {
    const [ref] = refsOf(found.entity.relationshipAttributes?.[attribute]);
    const leads =
      attribute === 'dataset' ? found.entity.typeName === 'flink_table' : /_column/.test(found.entity.typeName);
    if (!ref?.guid || !leads) continue;
    const [next]: EntityWithOwned[] = await store.findByGuid([ref.guid], signal);
    if (next) found = next;
  }
  const { entity } = found;
  const title = String(entity.attributes.name ?? qualifiedName);
  if (entity.typeName === 'flink_application') {
    const processes = (await processesOf(store, entity, signal)).map((each) => each.entity);
    return { title, guid: entity.guid, processes: processes.map(({ guid }) => guid) };
  }
  const isProcess = 'inputs' in entity.attributes || /process$/i.test(entity.typeName);
  return { title, guid: entity.guid, ...(isProcess ? { processes: [entity.guid] } : {}) };
}

/** One graph being read: nodes are added step by step, what is read already is not asked again. */
class Reading {
  private readonly datasets = new Map<string, StoreDataset>();
  private readonly processes = new Map<string, StoreProcess>();

  constructor(
    private readonly builder: LineageBuilder,
    private readonly store: MetadataStore,
    private readonly known: Known,
    private readonly resolve: ResolveSource,
    private readonly signal: AbortSignal | undefined,
  ) {}

  graph(title: string, rest: Partial<LineageGraph>): LineageGraph {
    connect(this.builder, { datasets: this.datasets, processes: this.processes });
    return this.builder.graph(title, rest);
  }

  /** Tells the nodes of the script what the store knows of them. */
  async find(keys: readonly Key[]): Promise<void> {
    const { guids, datasets } = this.known;
    const missing = keys.filter((key) => !guids.has(keyOf(key)));
    if (missing.length > 0) {
      for (const key of missing) guids.set(keyOf(key), null);
      try {
        for (const found of await findDatasets(this.store, missing, this.signal)) {
          guids.set(keyOf(found), found.guid);
          datasets.set(found.guid, found);
        }
      } catch (error) {
        for (const key of missing) guids.delete(keyOf(key));
        throw error;
      }
    }
    await this.addDatasets(keys.flatMap((key) => guids.get(keyOf(key)) ?? []));
  }

  async startWithDataset(guid: string, asked: readonly LineageExpansion[]): Promise<string | undefined> {
    await this.addDatasets([guid]);
    const dataset = this.datasets.get(guid);
    const node = dataset && this.builder.find(dataset);
    if (node) await this.expandBothWays([node], asked);
    return node?.id;
  }

  async startWithProcesses(guids: readonly string[], asked: readonly LineageExpansion[]): Promise<string | undefined> {
    const added = await this.addProcesses(guids);
    await this.expandBothWays(added, asked);
    return added[0]?.id;
  }

  /** Shows what is around nodes without being asked for; what is asked of them by name counts instead. */
  private async expandBothWays(nodes: readonly LineageNode[], asked: readonly LineageExpansion[]): Promise<void> {
    for (const { id: node } of nodes) {
      for (const direction of ['up', 'down'] as const) {
        const other = asked.find((one) => one.node === node && one.direction === direction);
        await this.expand([other ?? { node, direction }]);
      }
    }
  }

  /** Shows the neighbours of nodes; a process comes with the datasets on its far side. */
  async expand(expanded: readonly LineageExpansion[]): Promise<void> {
    for (const expansion of expanded) {
      if (this.builder.nodes.size >= MOST_NODES) return;
      const node = this.builder.nodes.get(expansion.node);
      if (!node) continue;
      const before = this.builder.nodes.size;
      const links = this.linksOf(node, expansion);
      if (node.kind === 'process') await this.addDatasets(links.map(({ guid }) => guid));
      else await this.addWithFarSide(links, expansion);
      if (this.builder.nodes.size > before) node.opened = { ...node.opened, [expansion.direction]: links.length };
    }
  }

  private async addWithFarSide(links: readonly StoreLink[], expansion: LineageExpansion): Promise<void> {
    await this.addProcesses(links.map(({ guid }) => guid));
    const far = links.flatMap(({ guid }) => {
      const process = this.processes.get(guid);
      const own = process && this.builder.find(process)?.origin !== 'store';
      return process && !own ? shownLinks(process[expansion.direction], expansion) : [];
    });
    await this.addDatasets(far.map(({ guid }) => guid));
  }

  /** The neighbours of a node in the store: those of all datasets that it stands for. */
  private linksOf(node: LineageNode, expansion: LineageExpansion): readonly StoreLink[] {
    const things = [...(node.kind === 'process' ? this.processes : this.datasets).values()];
    const links = things
      .filter((thing) => this.builder.find(thing) === node)
      .flatMap((one) => one[expansion.direction]);
    return shownLinks(links, expansion);
  }

  private async addDatasets(guids: readonly string[]): Promise<void> {
    throwIfAborted(this.signal);
    const found = await read(this.known.datasets, guids, (missing) => readDatasets(this.store, missing, this.signal));
    for (const dataset of found) {
      if (!this.datasets.has(dataset.guid)) addDataset(this.builder, dataset);
      this.datasets.set(dataset.guid, dataset);
    }
  }

  private async addProcesses(guids: readonly string[]): Promise<LineageNode[]> {
    throwIfAborted(this.signal);
    const found = await read(this.known.processes, guids, (missing) => readProcesses(this.store, missing, this.signal));
    return found.map((process) => {
      this.processes.set(process.guid, process);
      return addProcess(this.builder, process, this.resolve);
    });
  }
}

/** Things by guid, in order: what is known already as it is, the rest in one request. What does not exist is left out. */
async function read<T extends { guid: string }>(
  known: Map<string, T | null>,
  guids: readonly string[],
  ask: (missing: readonly string[]) => Promise<T[]>,
): Promise<T[]> {
  const wanted = [...new Set(guids)].filter((guid) => guid !== '');
  const missing = wanted.filter((guid) => !known.has(guid));
  if (missing.length > 0) {
    const found = new Map((await ask(missing)).map((one) => [one.guid, one]));
    for (const guid of missing) known.set(guid, found.get(guid) ?? null);
  }
  return wanted.flatMap((guid) => known.get(guid) ?? []);
}
