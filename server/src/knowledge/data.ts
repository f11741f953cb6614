import { readFileSync } from 'node:fs';
import path from 'node:path';

/** The Flink lines that the knowledge covers, oldest first. */
export const flinkVersions = ['1.20', '2.0', '2.1', '2.2', '2.3'] as const;

/**
 * Which Flink line a version means: '2.1.0' is '2.1'; a version that is not covered means the nearest one that is not
 * newer, and an older or unreadable one means the oldest or newest there is. Returns an index into `flinkVersions`.
 */
export function lineOf(version: string): number {
  let line = lineByVersion.get(version);
  if (line === undefined) {
    line = findLine(version);
    lineByVersion.set(version, line);
  }
  return line;
}

const lineByVersion = new Map<string, number>();

function findLine(version: string): number {
  const wanted = rank(version);
  if (wanted === undefined) return flinkVersions.length - 1;
  let found = 0;
  flinkVersions.forEach((line, index) => {
    if ((rank(line) ?? 0) <= wanted) found = index;
  });
  return found;
}

/** A number that orders versions by major and minor; undefined for text that is no version. */
function rank(version: string): number | undefined {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  return major === undefined ? undefined : Number(major) * 1000 + Number(minor);
}

/**
 * Reads one of the generated files, which lie beside the bundle (or, unbundled, beside this module). They are read on
 * first use: none of them is needed to open a document.
 */
export function readKnowledge<T>(name: 'options' | 'functions' | 'settings'): T {
  return JSON.parse(readFileSync(path.join(import.meta.dirname, `${name}.json`), 'utf8')) as T;
}
