import type { ParseOptions } from '../language/script';

/** The settings that the server uses, with the defaults of package.json. */
export interface Settings extends ParseOptions {
  /** Lenses above the statements that write; undefined means yes */
  readonly codeLens?: boolean;
}

const versions = ['1.20', '2.0', '2.1', '2.2', '2.3'];

/** Reads the section `flinkSql` of the client's settings. Whatever is absent or of another type becomes the default. */
export function readSettings(section: unknown): Settings {
  const given = (typeof section === 'object' && section !== null ? section : {}) as Record<string, unknown>;
  const { flinkVersion, templates, variables, codeLens } = given;
  return {
    flinkVersion: typeof flinkVersion === 'string' && versions.includes(flinkVersion) ? flinkVersion : '2.3',
    templates: typeof templates === 'boolean' ? templates : true,
    variables: readVariables(variables),
    codeLens: codeLens !== false,
  };
}

/** Values of placeholders: what is no text, number or boolean is left out. */
function readVariables(given: unknown): Record<string, string> {
  if (typeof given !== 'object' || given === null) return {};
  const known = Object.entries(given).filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value));
  return Object.fromEntries(known.map(([name, value]) => [name, String(value)]));
}

/** True when texts read the same with both settings, and the same is shown of them. */
export function sameSettings(a: Settings, b: Settings): boolean {
  return (
    a.flinkVersion === b.flinkVersion &&
    a.templates === b.templates &&
    a.codeLens === b.codeLens &&
    JSON.stringify(a.variables) === JSON.stringify(b.variables)
  );
}
