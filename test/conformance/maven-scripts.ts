import { contentId, type Extract } from './maven-corpus';

const created =
  /^\s*CREATE\s+(?:OR\s+REPLACE\s+)?(?:TEMPORARY\s+)?(?:SYSTEM\s+)?(TABLE|VIEW|FUNCTION|MODEL|CATALOG|DATABASE)\s+(?:IF\s+NOT\s+EXISTS\s+)?([\w.`$]+)/i;
const useful =
  /^\s*(?:--[^\n]*\n\s*|\/\*[\s\S]*?\*\/\s*)*\(?\s*(SELECT|INSERT|WITH|VALUES|CREATE|EXECUTE|UPDATE|DELETE|EXPLAIN)\b/i;

/**
 * Makes a script of what stands in one test class: first the objects that it creates, each once, then its queries and
 * writes, in the order of the class. Tests that define a table twice do so as `DROP` and `CREATE` later on.
 * Only classes that create a table give one: elsewhere nothing would resolve.
 */
export function scriptsOf(extracts: readonly Extract[]): { id: string; source: string; script: string }[] {
  const files = new Map<string, Extract[]>();
  for (const extract of extracts) {
    if (!extract.file.endsWith('.class') || extract.source.startsWith('calcite') || extract.sql.includes(';')) continue;
    if (!useful.test(extract.sql)) continue;
    const key = `${extract.source} ${extract.file.replace(/\$.*/, '').replace(/\.class$/, '')}`;
    files.set(key, [...(files.get(key) ?? []), extract]);
  }
  const scripts: { id: string; source: string; script: string }[] = [];
  for (const [file, members] of files) {
    const defined = new Set<string>();
    const head: string[] = [];
    const body: string[] = [];
    for (const { sql } of members) {
      const match = created.exec(sql);
      const name = match?.[2]?.toLowerCase();
      if (!match || !name) body.push(sql);
      else if (!defined.has(name)) {
        defined.add(name);
        (match[1]!.toUpperCase() === 'VIEW' ? body : head).push(sql);
      } else if (match[1]!.toUpperCase() === 'TABLE') body.push(`DROP TABLE IF EXISTS ${match[2]}`, sql);
    }
    if (!head.some((sql) => /^\s*CREATE[\s\w]*\sTABLE\b/i.test(sql)) || body.length === 0) continue;
    // Long classes in parts, each with the definitions, so that one redefinition does not spoil the rest
    const [source, id] = file.split(' ') as [string, string];
    for (let at = 0; at < body.length; at += 60) {
      const script = [...head, ...body.slice(at, at + 60)].map((sql) => `${sql};\n`).join('');
      scripts.push({ id: `${id.split('/').pop()}-${contentId(script)}`, source, script });
    }
  }
  return scripts;
}
