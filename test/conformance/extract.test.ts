import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { classStrings } from './class-strings';
import { scriptsOf } from './maven-scripts';
import { zipEntries } from './zip';

/** A class file up to the end of its constant pool. */
function classFile(...constants: Buffer[]): Buffer {
  const head = Buffer.from([0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 61, 0, 0]);
  // A long takes two places of the pool
  head.writeUInt16BE(
    constants.reduce((places, one) => places + (one[0] === 5 ? 2 : 1), 1),
    8,
  );
  return Buffer.concat([head, ...constants]);
}
const utf8 = (text: string): Buffer => {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([1, bytes.length >> 8, bytes.length & 255]), bytes]);
};
const string = (index: number): Buffer => Buffer.from([8, 0, index]);

describe('strings of a class file', () => {
  it('are those that the code uses, past constants of every size', () => {
    const long = Buffer.from([5, 0, 0, 0, 0, 0, 0, 0, 1]);
    const file = classFile(
      utf8('Code'),
      long,
      utf8('SELECT 1'),
      string(4),
      Buffer.from([7, 0, 1]),
      utf8('é'),
      string(7),
    );
    expect(classStrings(file)).toEqual(['SELECT 1', 'é']);
  });
});

/** A zip archive of one file, as jars are written. */
function zip(name: string, content: string): Buffer {
  const data = deflateRawSync(content);
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(name.length, 26);
  const central = Buffer.alloc(46);
  central.writeUInt32LE(0x02014b50, 0);
  central.writeUInt16LE(8, 10);
  central.writeUInt32LE(data.length, 20);
  central.writeUInt16LE(name.length, 28);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(30 + name.length + data.length, 16);
  return Buffer.concat([local, Buffer.from(name), data, central, Buffer.from(name), end]);
}

describe('a jar', () => {
  it('gives its files', () => {
    const folder = mkdtempSync(join(tmpdir(), 'jar-'));
    try {
      const file = join(folder, 'a.jar');
      writeFileSync(file, zip('sql/table.q', 'CREATE TABLE t (a INT);'.repeat(50)));
      const entries = zipEntries(file);
      expect(entries.map((entry) => entry.name)).toEqual(['sql/table.q']);
      expect(entries[0]!.read().toString()).toBe('CREATE TABLE t (a INT);'.repeat(50));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('the script of a test class', () => {
  const extract = (sql: string) => ({ id: sql, source: 'a', file: 'x/FooTest.class', sql });
  it('defines first, drops before it defines again, and keeps queries in order', () => {
    const [script] = scriptsOf(
      ['SELECT * FROM t', 'CREATE TABLE t (a INT)', 'SELECT a FROM t', 'CREATE TABLE t (b INT)', 'SHOW TABLES'].map(
        extract,
      ),
    );
    expect(script?.script).toBe(
      'CREATE TABLE t (a INT);\nSELECT * FROM t;\nSELECT a FROM t;\nDROP TABLE IF EXISTS t;\nCREATE TABLE t (b INT);\n',
    );
  });
  it('is none where no table is created', () => {
    expect(scriptsOf([extract('SELECT 1')])).toEqual([]);
  });
});
