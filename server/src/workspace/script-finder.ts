import { readFileSync, statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { shortName } from '../features/hover';
import type { TreeItem } from '../protocol';
import { OpenDocument } from './document';
import type { Settings } from './settings';
import { findSource } from './source';

/** Scripts larger than this, in bytes, are opened at their top instead of at a statement. */
const LARGEST = 2_000_000;
const KEPT = 50;

/**
 * Finds the script behind a job, and in it the statement that writes a sink: in the text of the editor where the script is
 * open, else in the file. Files are read once for as long as they do not change.
 */
export class ScriptFinder {
  private readonly files = new Map<string, { modified: number; document: OpenDocument }>();

  constructor(
    private readonly folders: () => readonly string[],
    private readonly documents: ReadonlyMap<string, OpenDocument>,
    private readonly settings: () => Settings,
  ) {}

  /** `first` is the folder, as a URI, that is searched before the others: the one whose catalog names the script. */
  find(file: string, sink?: string, first?: string): TreeItem['source'] {
    const folders = first === undefined ? this.folders() : [first, ...this.folders()];
    const path = findSource(file, folders);
    if (path === undefined) return undefined;
    const uri = pathToFileURL(path).href;
    const open = [...this.documents.values()].find((document) => samePlace(document.uri, uri));
    if (sink === undefined) return { uri: open?.uri ?? uri };
    const document = open ?? this.read(path, uri);
    const range = document && writeOf(document, sink);
    return range ? { uri: document.uri, range } : { uri };
  }

  private read(path: string, uri: string): OpenDocument | undefined {
    try {
      const { mtimeMs: modified, size } = statSync(path);
      const kept = this.files.get(path);
      if (kept?.modified === modified) return kept.document;
      if (size > LARGEST) return undefined;
      const document = new OpenDocument(uri, 0, readFileSync(path, 'utf8'), this.settings());
      this.files.set(path, { modified, document });
      const oldest = this.files.keys().next();
      if (this.files.size > KEPT && !oldest.done) this.files.delete(oldest.value);
      return document;
    } catch {
      // Gone or not readable: the tree shows the job all the same
      return undefined;
    }
  }
}

/** The range of the first statement that writes a sink. */
function writeOf(document: OpenDocument, sink: string) {
  for (const [index, { offset }] of document.statements.entries()) {
    const write = document.analysis.statements[index]?.lineage.find(
      (lineage) => lineage.sink !== undefined && (lineage.sink === sink || shortName(lineage.sink) === sink),
    );
    if (write) return document.rangeOf({ start: offset + write.start, end: offset + write.end });
  }
  return undefined;
}

/** Editors encode URIs differently from Node: 'file:///c%3A/a' and 'file:///c:/a' are the same. */
function samePlace(one: string, other: string): boolean {
  return one === other || safeDecode(one) === safeDecode(other);
}

function safeDecode(uri: string): string {
  try {
    return decodeURIComponent(uri);
  } catch {
    return uri;
  }
}
