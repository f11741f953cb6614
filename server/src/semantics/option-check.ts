/** The WITH clause of a table against what the connector's and format's real factories take. */

import {
  connector,
  expectedValue,
  type FactoryKnowledge,
  format,
  formatKeys,
  formatPrefix,
  matchOption,
  type TableOptions,
} from '../knowledge/options';
import type { CreateTable, Property } from '../language/ast';
import { deprecatedOption } from '../rules/deprecated-option';
import { missingOption } from '../rules/missing-option';
import { optionValue } from '../rules/option-value';
import { isPlainSecret, plainPassword } from '../rules/plain-password';
import { nearestKey, unknownOption } from '../rules/unknown-option';
import { upsertPrimaryKey } from '../rules/upsert-primary-key';
import { checkConnector, inner } from './connector-check';
import type { Context } from './context';
import type { TableDraft } from './tables';

/** A value that is filled in later cannot be judged. */
const TEMPLATE = /\$\{|\{\{/;

/** Advises against secrets that are written out in options. */
export function checkSecrets(options: readonly Pick<Property, 'key' | 'value'>[], context: Context): void {
  for (const { key, value } of options) {
    if (isPlainSecret(key.value, value.value)) context.report(plainPassword(value, key.value));
  }
}

/** Checks the options of a CREATE TABLE; `draft` has those in effect, LIKE included. */
export function checkOptions(statement: CreateTable, draft: TableDraft, context: Context): void {
  checkSecrets(statement.options, context);
  const name = draft.options.connector;
  if (name === undefined || TEMPLATE.test(name) || context.broken) return;
  const version = context.environment.flinkVersion;
  const factory = connector(version, name);
  if (!factory) return;
  const sink = connector(version, name, 'sink');
  const table: TableOptions = { version, options: draft.options };
  const required = requiredKeys(factory, draft, version);
  const missing = required.filter((key) => !given(key, factory, table));
  // Of some options one is enough; the first is the usual one
  for (const group of factory.requiredEither) {
    if (!group.some((key) => given(key, factory, table))) missing.push(group[0]!);
  }
  for (const property of statement.options) {
    const key = property.key.value;
    if (TEMPLATE.test(key)) continue;
    const option = matchOption(factory, key, table) ?? (sink && matchOption(sink, key, table));
    if (!option) {
      const meant = nearestKey(key, knownKeys(factory, draft, version, missing));
      if (meant !== undefined && missing.includes(meant)) missing.splice(missing.indexOf(meant), 1);
      context.report(unknownOption(property.key, key, name, meant, inner));
      continue;
    }
    const renamed = option.key !== key && !/[*#<]/.test(option.key);
    if (option.deprecated || renamed) {
      context.report(deprecatedOption(property.key, key, renamed ? option.key : undefined, inner));
    }
    const value = property.value.value;
    if (TEMPLATE.test(value)) continue;
    const expected = expectedValue(option, value);
    if (expected) context.report(optionValue(property.value, key, value, expected, option.values, inner));
  }
  const range = statement.options.find((o) => o.key.value === 'connector')?.value ?? statement.name;
  const at = insertionPoint(statement.options);
  if (missing.length > 0) context.report(missingOption(range, name, missing, at));
  checkConnector(statement, name, draft, missing, context);
  if (name === 'upsert-kafka' && !draft.primaryKey?.length && !draft.open) {
    context.report(upsertPrimaryKey(statement.name, name));
  }
}

function insertionPoint(options: readonly Property[]): number | undefined {
  return options.length > 0 ? options[options.length - 1]!.end : undefined;
}

/** What the connector and its chosen formats ask for, as keys of the WITH clause. */
function requiredKeys(factory: FactoryKnowledge, draft: TableDraft, version: string): string[] {
  const keys = [...factory.required];
  for (const { key, prefix, knowledge } of formatsOf(factory, draft, version)) {
    if (key !== '') for (const required of knowledge.required) keys.push(prefix + required);
  }
  return keys;
}

interface ChosenFormat {
  readonly key: string;
  readonly prefix: string;
  readonly knowledge: FactoryKnowledge;
}

function formatsOf(factory: FactoryKnowledge, draft: TableDraft, version: string): ChosenFormat[] {
  const chosen: ChosenFormat[] = [];
  for (const key of formatKeys(factory)) {
    const identifier = draft.options[key];
    if (identifier === undefined || TEMPLATE.test(identifier)) continue;
    const knowledge = format(version, identifier, factory.options.has('<format>.*') ? 'file' : 'record');
    if (knowledge) chosen.push({ key, prefix: formatPrefix(key, identifier), knowledge });
  }
  return chosen;
}

/** Under its own key or an older one that still works. */
function given(key: string, factory: FactoryKnowledge, table: TableOptions): boolean {
  if (key in table.options) return true;
  return Object.keys(table.options).some((own) => matchOption(factory, own, table)?.key === key);
}

function* knownKeys(
  factory: FactoryKnowledge,
  draft: TableDraft,
  version: string,
  missing: readonly string[],
): Iterable<string> {
  // what is missing is what was most likely meant
  yield* missing;
  for (const key of factory.options.keys()) if (!/[*<#]/.test(key)) yield key;
  for (const { prefix, knowledge } of formatsOf(factory, draft, version)) {
    for (const key of knowledge.options.keys()) if (!/[*<#]/.test(key)) yield prefix + key;
  }
}
