// SQL that Maven Central itself carries: in the tests of Flink's planner and parser, of Calcite's parser, of connectors.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { classStrings } from './class-strings';
import { runMaven } from './oracle';
import { cache } from './paths';
import { zipEntries } from './zip';

/** Maven coordinates: group:artifact:version:jar:classifier, or without the last for the main jar. */
const artifacts = [
  'org.apache.flink:flink-table-planner_2.12:2.3.0:jar:tests',
  'org.apache.flink:flink-table-planner_2.12:1.20.4:jar:tests',
  'org.apache.calcite:calcite-testkit:1.36.0:jar',
  'org.apache.flink:flink-sql-gateway:2.3.0:jar:tests',
  'org.apache.flink:flink-table-api-java:2.3.0:jar:tests',
  'org.apache.flink:flink-table-runtime:2.3.0:jar:tests',
  'org.apache.flink:flink-python:2.3.0:jar:tests',
  'org.apache.flink:flink-tests:2.3.0:jar:tests',
  'org.apache.flink:flink-connector-files:2.3.0:jar:tests',
  'org.apache.flink:flink-connector-kafka:5.0.0-2.2:jar:tests',
  'org.apache.flink:flink-connector-jdbc-core:4.0.0-2.0:jar:tests',
  'org.apache.flink:flink-connector-hive_2.12:3.0.0-1.20:jar:tests',
  'org.apache.iceberg:iceberg-flink-1.20:1.10.0:jar:tests',
  'org.apache.paimon:paimon-flink-common:0.9.0:jar:tests',
  'com.alibaba.fluss:fluss-flink-common:0.7.0:jar:tests',
];

const statementStart =
  /^\s*(?:--[^\n]*\n\s*|\/\*[\s\S]*?\*\/\s*)*\(?\s*(SELECT|INSERT|UPSERT|WITH|VALUES|CREATE|ALTER|DROP|SHOW|DESCRIBE|DESC|EXPLAIN|USE|SET|RESET|EXECUTE|BEGIN|COMPILE|UPDATE|DELETE|TRUNCATE|ANALYZE|CALL|LOAD|UNLOAD|ADD|REMOVE|REPLACE|STOP|TABLE|MERGE|END)\b/i;

/** One text that looks like SQL, and the file of the artifact that it stands in. */
export interface Extract {
  readonly id: string;
  readonly source: string;
  readonly file: string;
  readonly sql: string;
}

export const contentId = (text: string): string => createHash('sha1').update(text).digest('hex').slice(0, 10);

function jarOf(coordinates: string): string {
  const [, artifact, version, , classifier] = coordinates.split(':');
  const folder = join(cache, 'jars');
  const file = join(folder, `${artifact}-${version}${classifier ? `-${classifier}` : ''}.jar`);
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true });
  console.error(`Fetching ${coordinates} …`);
  runMaven(['dependency:copy', `-Dartifact=${coordinates}`, `-DoutputDirectory=${folder}`]);
  return file;
}

/** What tests do to their texts before they run them: margins of Scala, carets around errors of Calcite, values put in. */
function asRun(text: string, calcite: boolean): string {
  let sql = text.replaceAll('\u0001', 'x');
  if (/\n\s*\|/.test(sql)) sql = sql.replace(/(^|\n)[ \t]*\|/g, '$1');
  if (calcite) sql = sql.replace(/\^/g, '');
  return sql;
}

function textsOf(name: string, data: Buffer): string[] {
  if (name.endsWith('.class')) return classStrings(data);
  if (name.endsWith('.q')) {
    // Each statement of these ends a line with a semicolon; what follows it is the expected output, in comment lines
    const lines = data.toString('utf8').split('\n');
    return lines
      .filter((line) => !line.startsWith('#'))
      .join('\n')
      .split(/;[ \t]*\n/);
  }
  if (name.endsWith('.xml')) {
    return [...data.toString('utf8').matchAll(/<Resource name="sql">\s*<!\[CDATA\[([\s\S]*?)\]\]>/g)].map(
      (match) => match[1]!,
    );
  }
  return [];
}

/** Every distinct text of the artifacts that begins like a statement, and expressions of Calcite's parser test as SELECT. */
export function mavenExtracts(): Extract[] {
  const found = new Map<string, Extract>();
  for (const coordinates of artifacts) {
    const [, artifact, version] = coordinates.split(':');
    const calcite = artifact === 'calcite-testkit';
    for (const entry of zipEntries(jarOf(coordinates))) {
      if (!/\.(class|q|xml)$/.test(entry.name)) continue;
      const expressions = calcite && /\/SqlParserTest/.test(entry.name);
      for (const text of textsOf(entry.name, entry.read())) {
        let sql = asRun(text, calcite).trim();
        if (sql.length < 3 || sql.length > 100_000) continue;
        if (!statementStart.test(sql)) {
          if (!expressions || !/[\s(]/.test(sql) || sql.startsWith('(?s)')) continue;
          sql = `SELECT ${sql}`;
        } else if (!/\s/.test(sql)) continue; // a lone keyword
        const id = contentId(sql);
        if (!found.has(id)) found.set(id, { id, source: `${artifact}-${version}`, file: entry.name, sql });
      }
    }
  }
  const extracts = [...found.values()];
  // For tools that only want the texts and have no Maven
  writeFileSync(join(cache, 'maven.json'), JSON.stringify(extracts.map((extract) => extract.sql)));
  return extracts;
}
