/** What connectors ask of their options beyond names and types: what excludes, completes or refers to what. */
import type { CreateTable, Property, StringLiteral } from '../language/ast';
import { missingOption } from '../rules/missing-option';
import { optionValue } from '../rules/option-value';
import { nearestKey, unknownOption } from '../rules/unknown-option';
import type { Context } from './context';
import type { TableDraft } from './tables';
import { isInteger, isNumeric, isUnknown } from './types';

const TEMPLATE = /\$\{|\{\{/;
const NUMBER = /^[+-]?\d+(\.\d+)?$/;
const WHOLE = /^[+-]?\d+$/;

/** The text inside a literal's quotes. */
export function inner(literal: StringLiteral): { start: number; end: number } {
  return { start: literal.start + 1, end: literal.end - 1 };
}

/** Checks what is known of single connectors; `missing` are required keys that are told already. */
export function checkConnector(
  statement: CreateTable,
  name: string,
  draft: TableDraft,
  missing: readonly string[],
  context: Context,
): void {
  const wrong = (property: Property, expected: string, values?: readonly string[]): void => {
    context.report(optionValue(property.value, property.key.value, property.value.value, expected, values, inner));
  };
  if (
    (name === 'kafka' || name === 'upsert-kafka') &&
    !('topic' in draft.options) &&
    !('topic-pattern' in draft.options)
  ) {
    const range = statement.options.find((o) => o.key.value === 'connector')?.value ?? statement.name;
    if (!missing.includes('topic'))
      context.report(missingOption(range, name, ['topic'], statement.options.at(-1)?.end));
  }
  for (const property of statement.options) {
    const { value } = property.value;
    const key = property.key.value;
    if (TEMPLATE.test(value) || TEMPLATE.test(key)) continue;
    if (key.endsWith('json.timestamp-format.standard') && value !== 'SQL' && value !== 'ISO-8601') {
      wrong(property, 'one of SQL, ISO-8601', ['SQL', 'ISO-8601']);
    } else if (/csv\.(field-delimiter|quote-character|escape-character)$/.test(key) && unescaped(value).length !== 1) {
      wrong(property, 'a single character');
    } else if (name === 'filesystem' && key === 'path' && value === '') {
      wrong(property, 'a path');
    } else if (name === 'jdbc' && key === 'url' && !value.startsWith('jdbc:')) {
      wrong(property, "a URL such as 'jdbc:postgresql://host:5432/database'");
    } else if (name === 'mongodb' && key === 'uri' && !/^mongodb(\+srv)?:\/\//.test(value)) {
      wrong(property, "a URI such as 'mongodb://host:27017'");
    }
  }
  if (name === 'datagen') checkGenerator(statement, draft, wrong, context);
}

/** A value with Java's escapes, such as '\t', read. */
function unescaped(value: string): string {
  return value.replace(/\\(u[0-9a-fA-F]{4}|[0-7]{1,3}|.)/g, ' ');
}

/** The fields of the generator are columns of the table, and go with their kind. */
function checkGenerator(
  statement: CreateTable,
  draft: TableDraft,
  wrong: (property: Property, expected: string, values?: readonly string[]) => void,
  context: Context,
): void {
  if (draft.open) return;
  const columns = draft.columns.filter((c) => c.kind === 'physical');
  const sequences = new Set<string>();
  const starts = new Set<string>();
  for (const key of Object.keys(draft.options)) {
    const [, field, part] = /^fields\.(.+)\.([^.]+)$/.exec(key) ?? [];
    if (part === 'kind' && draft.options[key] === 'sequence') sequences.add(field!);
    if (part === 'start' || part === 'end') starts.add(`${field} ${part}`);
  }
  for (const property of statement.options) {
    const key = property.key.value;
    const { value } = property.value;
    const [, field, part] = /^fields\.(.+)\.([^.]+)$/.exec(key) ?? [];
    if (!field || TEMPLATE.test(key) || TEMPLATE.test(value)) continue;
    // the name of a column, or of a field inside it
    const column = columns.find((c) => field === c.name || field.startsWith(`${c.name}.`));
    if (!column) {
      const meant = nearestKey(
        field,
        columns.map((c) => c.name),
      );
      context.report(unknownOption(property.key, key, 'datagen', meant && `fields.${meant}.${part}`, inner));
      continue;
    }
    if (part === 'kind') {
      if (value !== 'random' && value !== 'sequence')
        wrong(property, 'one of random, sequence', ['random', 'sequence']);
      const lacks = ['start', 'end'].filter((p) => !starts.has(`${field} ${p}`)).map((p) => `fields.${field}.${p}`);
      if (value === 'sequence' && lacks.length > 0) {
        context.report(missingOption(property.value, 'datagen', lacks, property.end));
      }
      continue;
    }
    if (isUnknown(column.type) || field !== column.name) continue;
    const limit = part === 'min' || part === 'max';
    const bound = part === 'start' || part === 'end';
    if (bound && sequences.has(field) && isInteger(column.type) && !WHOLE.test(value))
      wrong(property, 'a whole number');
    else if (limit && isInteger(column.type) && !WHOLE.test(value)) wrong(property, 'a whole number');
    else if (limit && isNumeric(column.type) && !NUMBER.test(value)) wrong(property, 'a number');
    else if (bound && !sequences.has(field))
      context.report(unknownOption(property.key, key, 'datagen', undefined, inner));
  }
}
