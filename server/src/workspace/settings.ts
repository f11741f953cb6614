import type { ParseOptions } from '../language/script';

/** The settings that the server uses, with the defaults of package.json. */
export interface Settings extends ParseOptions {}

const versions = ['1.20', '2.0', '2.1', '2.2', '2.3'];

/** Reads the section `flinkSql` of the client's settings. Whatever is absent or of another type becomes the default. */
export function readSettings(section: unknown): Settings {
  const given = (typeof section === 'object' && section !== null ? section : {}) as Record<string, unknown>;
  const { flinkVersion, templates } = given;
  return {
    flinkVersion: typeof flinkVersion === 'string' && versions.includes(flinkVersion) ? flinkVersion : '2.3',
    templates: typeof templates === 'boolean' ? templates : true,
  };
}
