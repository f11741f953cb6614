// The parser alone in a fresh process: prints the milliseconds from its start to the tree of the file.
import { readFileSync } from 'node:fs';
import { parseScript } from '../server/src/language/parser';

parseScript(readFileSync(process.argv[2]!, 'utf8'), { flinkVersion: '2.3', templates: false });
console.log(JSON.stringify({ ms: performance.now() }));
