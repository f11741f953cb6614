// The real server in a process of its own, typed into as an editor does.
import { spawn } from 'node:child_process';
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver-protocol/node';
import { configureStores, LINEAGE_AFTER, lineage } from '../server/src/protocol';

/** A job of so many INSERTs over so many tables, all of them Kafka topics. */
export function manyInserts(inserts: number, tables: number): string {
  const parts: string[] = [];
  for (let n = 0; n < tables; n++) {
    parts.push(
      `CREATE TABLE t${n} (id BIGINT, customer STRING, amount DECIMAL(10, 2), note STRING, ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND) WITH ('connector' = 'kafka', 'topic' = 'shop.t${n}',
  'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');`,
    );
  }
  for (let n = 0; n < inserts; n++) {
    const [to, from, other] = [n % tables, (n * 7 + 1) % tables, (n * 13 + 5) % tables];
    parts.push(
      `INSERT INTO t${to} SELECT a.id, UPPER(b.customer), a.amount + b.amount, a.note || b.note, a.ts
FROM t${from} AS a JOIN t${other} AS b ON a.id = b.id AND a.ts BETWEEN b.ts - INTERVAL '1' HOUR AND b.ts
WHERE a.amount > ${n};`,
    );
  }
  return parts.join('\n');
}

export interface KeystrokeTimes {
  /** Milliseconds from the last keystroke to the findings of binding, which wait for a pause in the typing */
  readonly findings: number;
  /** … and to the lineage, asked for after the pause that the panel makes */
  readonly lineage: number;
  readonly edges: number;
}

/** Types a few characters into a script and measures from the last one; the median of some rounds. */
export async function afterKeystrokes(server: string, text: string, rounds = 9): Promise<KeystrokeTimes> {
  const child = spawn(process.execPath, [server, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  let awaited: { version: number; count: number; take: () => void } | undefined;
  connection.onNotification('textDocument/publishDiagnostics', ({ version }: { version: number }) => {
    if (awaited?.version === version && --awaited.count === 0) awaited.take();
  });
  connection.listen();
  await connection.sendRequest('initialize', { processId: process.pid, rootUri: null, capabilities: {} });
  await connection.sendNotification('initialized', {});
  await connection.sendRequest(configureStores.method, { atlas: [], workspaceCatalogs: [] });
  const uri = 'file:///bench/job.sql';
  const published = (version: number, count: number): Promise<void> =>
    new Promise((take) => {
      awaited = { version, count, take };
    });
  const opened = published(1, 1);
  await connection.sendNotification('textDocument/didOpen', {
    textDocument: { uri, languageId: 'flinksql', version: 1, text },
  });
  await opened;
  const line = text.split('\n').length - 1;
  let version = 1;
  const times: KeystrokeTimes[] = [];
  for (let round = 0; round < rounds; round++) {
    // the syntax of each keystroke is published at once, and binding once they rest
    const typed = [...'1234'];
    const bound = published(version + typed.length, 2);
    let last = 0;
    for (const character of typed) {
      last = performance.now();
      const at = { line, character: 'WHERE a.amount > '.length };
      await connection.sendNotification('textDocument/didChange', {
        textDocument: { uri, version: ++version },
        contentChanges: [{ range: { start: at, end: at }, text: character }],
      });
    }
    const findings = bound.then(() => performance.now() - last);
    await new Promise((resolve) => setTimeout(resolve, LINEAGE_AFTER));
    const answer = await connection.sendRequest(lineage.method, { target: { uri }, expanded: [], asked: 'script' });
    const { value } = answer as { value?: { edges: unknown[] } };
    const took = performance.now() - last;
    times.push({ findings: await findings, lineage: took, edges: value?.edges.length ?? 0 });
  }
  await connection.sendRequest('shutdown');
  const ended = new Promise((resolve) => child.once('exit', resolve));
  await connection.sendNotification('exit');
  await ended;
  connection.dispose();
  return times.sort((a, b) => a.lineage - b.lineage)[rounds >> 1]!;
}
