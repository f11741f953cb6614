// Asks real Flink: JSON lines on stdin, verdicts on stdout.
//   node test/tool.mjs test/conformance/oracle-cli.ts 2.3.0 < requests.jsonl
// A request: {"id", "mode": "parse"|"plan", "connectors": "stub"|"real", "batch": false, "sql" or "script"}
import { readFileSync } from 'node:fs';
import { Oracle, type OracleRequest, oracleMissing } from './oracle';
import { type Release, versions } from './verdict';

const release = process.argv[2] as Release;
const missing = oracleMissing();
if (!versions.some((version) => version.release === release) || missing) {
  console.error(
    missing ?? `usage: oracle-cli.ts ${versions.map((version) => version.release).join('|')} < requests.jsonl`,
  );
  process.exit(2);
}
const oracle = new Oracle(release);
const lines = readFileSync(0, 'utf8').split('\n');
for (const line of lines) {
  if (line.trim() !== '') console.log(JSON.stringify(await oracle.ask(JSON.parse(line) as OracleRequest)));
}
oracle.close();
