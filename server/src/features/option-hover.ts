import {
  catalog,
  connector,
  type FactoryKnowledge,
  format,
  matchOption,
  modelProvider,
  type OptionKnowledge,
} from '../knowledge/options';
import { setting } from '../knowledge/settings';
import type { Hint, Property, TableRef } from '../language/ast';
import type { AnalysedDocument, Span } from './analysed-document';
import { codeBlock, codeSpan, escapeMarkdown, someOf } from './markdown';
import { innermost, type NodesAt, nodesAt } from './nodes-at';

/**
 * What is known of the option whose key is at an offset, in a WITH clause, an OPTIONS hint or a SET: its type, its default,
 * whether it must be given, and one sentence on what it does. Of the value that names a connector or a format: its roles.
 */
export function optionHover(
  document: AnalysedDocument,
  offset: number,
  flinkVersion: string,
): ({ markdown: string } & Span) | undefined {
  const at = nodesAt(document, offset);
  if (!at) return undefined;
  const { root } = at.statement;
  if (root.kind === 'SetOption' || root.kind === 'ResetOption') {
    const known = root.key && root.key === at.path.at(-1) ? setting(flinkVersion, root.key.value) : undefined;
    return known && root.key && { ...placed(root.key, at), markdown: describe(known, 'setting of Flink', false) };
  }
  const property = innermost<Property>(at.path, 'Property');
  const found = property && factoryOf(document, at, flinkVersion);
  if (!property || !found) return undefined;
  const { factory, options } = found;
  const node = at.path.at(-1);
  if (node === property.value) {
    const named = namedFactory(property, factory, flinkVersion);
    return named && { ...placed(property.value, at), markdown: describeFactory(named) };
  }
  const key = property.key.value;
  const known = matchOption(factory, key, { version: flinkVersion, options });
  if (!known) return undefined;
  const of = `option of ${codeSpan(factory.identifier, 60)}`;
  return { ...placed(property.key, at), markdown: describe(known, of, factory.required.includes(known.key)) };
}

function placed({ start, end }: Span, { base }: NodesAt): Span {
  return { start: base + start, end: base + end };
}

/** The factory that the options around a node are for, and these options. */
function factoryOf(
  { analysis }: AnalysedDocument,
  { index, statement: { root }, path }: NodesAt,
  version: string,
): { factory: FactoryKnowledge; options: Readonly<Record<string, string>> } | undefined {
  const made = (factory: FactoryKnowledge | undefined, options: Readonly<Record<string, string>>) =>
    factory && { factory, options };
  const hint = innermost<Hint>(path, 'Hint');
  if (hint) {
    const table = innermost<TableRef>(path, 'TableRef');
    const reference = analysis.statements[index]?.tables.find(({ start }) => start === table?.name.start);
    const options = reference?.table?.options ?? {};
    return made(connector(version, options.connector ?? ''), options);
  }
  switch (root.kind) {
    case 'CreateTable':
    case 'CreateMaterializedTable': {
      const options = analysis.statements[index]?.defines?.options ?? written(root.options);
      return made(connector(version, options.connector ?? ''), options);
    }
    case 'AlterTable': {
      const options = analysis.statements[index]?.tables[0]?.table?.options ?? {};
      return made(connector(version, options.connector ?? ''), options);
    }
    case 'CreateCatalog':
      return made(catalog(version, written(root.options).type ?? ''), written(root.options));
    case 'CreateModel':
      return made(modelProvider(version, written(root.options).provider ?? ''), written(root.options));
    default:
      return undefined;
  }
}

function written(options: readonly Property[]): Record<string, string> {
  return Object.fromEntries(options.map(({ key, value }) => [key.value, value.value]));
}

/** The connector, catalog or format that the value of an option names. */
function namedFactory({ key, value }: Property, factory: FactoryKnowledge, version: string) {
  if (value.value === factory.identifier && /^(connector|type|provider)$/.test(key.value)) return factory;
  if (key.value !== 'format' && !key.value.endsWith('.format')) return undefined;
  return format(version, value.value, factory.identifier === 'filesystem' ? 'file' : 'record');
}

function describe(known: OptionKnowledge, of: string, required: boolean): string {
  const { key, type, values, deprecated, fallbackKeys = [], description } = known;
  const notes = [
    `${type === 'enum' ? 'one of several values' : type}, ${of}`,
    ...(required ? ['**required**'] : []),
    ...(deprecated ? ['**deprecated**'] : []),
    ...(known.default === undefined || known.default === '' ? [] : [`default ${codeSpan(known.default, 80)}`]),
  ];
  return [
    codeBlock('flinksql', [`'${key}'`]),
    notes.join(' · '),
    ...(description ? [escapeMarkdown(description)] : []),
    ...(values && values.length > 0 ? [`Values: ${codeList(values)}`] : []),
    ...(fallbackKeys.length > 0 ? [`Older names: ${codeList(fallbackKeys)}`] : []),
  ].join('\n\n');
}

function codeList(values: readonly string[]): string {
  const shown = values.slice(0, 10).map((value) => codeSpan(value, 60));
  const rest = values.length - shown.length;
  return shown.join(', ') + (rest > 0 ? ` … and ${rest} more` : '');
}

function describeFactory({ identifier, kind, roles, required, requiredEither, artefact }: FactoryKnowledge): string {
  const uses: Record<string, string> = { source: 'reads', sink: 'writes' };
  const needs = [...required, ...requiredEither.map((keys) => keys.join(' or '))].filter((key) => key !== 'connector');
  return [
    `**${escapeMarkdown(identifier, 60)}** · ${kind}${roles.length > 0 ? ` · ${roles.map((role) => uses[role]).join(' and ')}` : ''}`,
    ...(needs.length > 0 ? [`Needs ${someOf(needs, 8)}`] : []),
    `From ${codeSpan(artefact)}`,
  ].join('\n\n');
}
