import type { Governance } from '../features/store-findings';
import type { Severity } from '../language/problem';
import type { ParseOptions } from '../language/script';
import { codes } from '../rules/index';
import type { Environment } from '../semantics/environment';

/** The settings that the server uses, with the defaults of package.json. */
export interface Settings extends ParseOptions {
  /** Lenses above the statements that write; undefined means yes */
  readonly codeLens?: boolean;
  /** Severities of rules by code, as the user set them. The same object for as long as they are the same. */
  readonly rules?: Readonly<Record<string, Severity | 'off'>>;
  /** The catalog that the cluster starts in, when it is not Flink's own, and its database */
  readonly defaultCatalog?: string;
  readonly defaultDatabase?: string;
  readonly index?: IndexSettings;
  /** Values for Atlas's business metadata: 'Name.attribute' to a template */
  readonly businessMetadata?: Readonly<Record<string, string>>;
  /** What classified data may not do; undefined means the defaults */
  readonly governance?: Governance;
}

/** Which files of the workspace are searched for DDL: globs, from the workspace folder. */
export interface IndexSettings {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

const versions = ['1.20', '2.0', '2.1', '2.2', '2.3'];

const severities: Readonly<Record<string, Severity | 'off'>> = {
  error: 'error',
  warning: 'warning',
  info: 'information',
  information: 'information',
  hint: 'hint',
  off: 'off',
};

export const defaultIndex: IndexSettings = {
  include: ['**/*.{fql,flinksql}', '**/*.flink.sql'],
  exclude: ['**/.*/**', '**/{node_modules,target,build,dist,out,venv}/**'],
};

const defaultGovernance = { PII: 'warning', Deprecated: 'warning' };
const defaultMasking = ['MD5', 'SHA1', 'SHA2', 'SHA224', 'SHA256', 'SHA384', 'SHA512', 'COUNT'];

/** A map of texts under a name; nothing where there is none. What is no text is left out. */
function optionalTexts<K extends string>(name: K, given: unknown): Partial<Record<K, Record<string, string>>> {
  const texts = Object.entries(objectOf(given)).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return (texts.length > 0 ? { [name]: Object.fromEntries(texts) } : {}) as Partial<Record<K, Record<string, string>>>;
}

/** Reads the section `flinkSql` of the client's settings. Whatever is absent or of another type becomes the default. */
export function readSettings(section: unknown): Settings {
  const given = objectOf(section);
  const { flinkVersion, templates, variables } = given;
  const index = objectOf(given.index);
  const defaultCatalog = textOf(given.defaultCatalog);
  const defaultDatabase = textOf(given.defaultDatabase);
  return {
    flinkVersion: typeof flinkVersion === 'string' && versions.includes(flinkVersion) ? flinkVersion : '2.3',
    templates: typeof templates === 'boolean' ? templates : true,
    variables: readVariables(variables),
    codeLens: given.codeLens !== false,
    rules: readRules(given.rules),
    ...optionalTexts('businessMetadata', objectOf(given.atlas).businessMetadata),
    ...(defaultCatalog ? { defaultCatalog } : {}),
    ...(defaultDatabase ? { defaultDatabase } : {}),
    governance: readGovernance(given.governance, given.maskingFunctions),
    index: {
      include: textsOf(index.include) ?? defaultIndex.include,
      exclude: textsOf(index.exclude) ?? defaultIndex.exclude,
    },
  };
}

function objectOf(given: unknown): Record<string, unknown> {
  return (typeof given === 'object' && given !== null ? given : {}) as Record<string, unknown>;
}

function textOf(given: unknown): string | undefined {
  return typeof given === 'string' && given.trim() !== '' ? given.trim() : undefined;
}

function textsOf(given: unknown): string[] | undefined {
  return Array.isArray(given) ? given.filter((each) => typeof each === 'string') : undefined;
}

/** Values of placeholders: what is no text, number or boolean is left out. */
function readVariables(given: unknown): Record<string, string> {
  const known = Object.entries(objectOf(given)).filter(([, value]) =>
    ['string', 'number', 'boolean'].includes(typeof value),
  );
  return Object.fromEntries(known.map(([name, value]) => [name, String(value)]));
}

/** Errors of syntax are no rules: they cannot be set. Neither can what is no rule or no severity. */
function readRules(given: unknown): Record<string, Severity | 'off'> {
  const known: Record<string, Severity | 'off'> = {};
  for (const [code, value] of Object.entries(objectOf(given))) {
    const severity = typeof value === 'string' && Object.hasOwn(severities, value) ? severities[value] : undefined;
    if (severity && codes.has(code)) known[code] = severity;
  }
  return known;
}

/** Severities by classification, and the functions that hide a value. What is no severity is left out. */
export function readGovernance(classifications: unknown, functions: unknown): Governance {
  const entries = Object.entries(objectOf(classifications ?? defaultGovernance)).flatMap(([name, value]) => {
    const known = typeof value === 'string' && Object.hasOwn(severities, value) ? severities[value] : undefined;
    return known ? [[name, known] as const] : [];
  });
  const masking = textsOf(functions) ?? defaultMasking;
  return { classifications: Object.fromEntries(entries), masking: masking.map((name) => name.toUpperCase()) };
}

/** What scripts are bound in, as far as the settings say. */
export function environmentOf({ flinkVersion, rules, defaultCatalog, defaultDatabase }: Settings): Environment {
  return {
    flinkVersion,
    ...(rules && Object.keys(rules).length > 0 ? { severities: rules } : {}),
    ...(defaultCatalog ? { defaultCatalog } : {}),
    ...(defaultDatabase ? { defaultDatabase } : {}),
  };
}

/** True when nothing that the server does depends on which of the two it has. */
export function sameSettings(a: Settings, b: Settings): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** True when files are found and read the same with both settings. */
export function sameReading(a: Settings, b: Settings): boolean {
  return sameSettings({ ...a, rules: {} }, { ...b, rules: {} });
}
