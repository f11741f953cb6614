import { inDialects, parseStatement } from './parser';
import type { Problem } from './problem';
import type { ParsedStatement, ParseOptions, PlacedStatement, Script } from './script';
import { nextRegion } from './splitter';

/** Replaces [start, end) of the text by `text`; offsets in UTF-16 units of the text before this edit. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** What an update changed: statements that went, and those that came. All others are the same objects as before. */
export interface ScriptChange {
  readonly removed: readonly ParsedStatement[];
  readonly added: readonly ParsedStatement[];
}

/** The stretch of text from behind one semicolon to behind the next, with the statement in it, if there is one. */
interface Piece {
  /** Blanks and comments before the statement; everything, when there is no statement. */
  readonly lead: string;
  readonly statement: ParsedStatement | undefined;
  /** ';' or, at the end of the text, '' */
  readonly tail: string;
}

const pieceLength = (piece: Piece): number =>
  piece.lead.length + (piece.statement ? piece.statement.text.length : 0) + piece.tail.length;
const pieceText = (piece: Piece): string =>
  piece.statement ? piece.lead + piece.statement.text + piece.tail : piece.lead + piece.tail;

/** A run of pieces. Edits touch one run and its totals, so their cost does not grow with the document. */
interface Chunk {
  pieces: Piece[];
  length: number;
  problems: number;
}

const CHUNK = 64;

function chunkOf(pieces: Piece[]): Chunk {
  let length = 0;
  let problems = 0;
  for (const piece of pieces) {
    length += pieceLength(piece);
    if (piece.statement && piece.statement.problems.length > 0) problems++;
  }
  return { pieces, length, problems };
}

/** Where a piece is: its chunk, its place in it, and its offset in the document. */
interface Place {
  chunk: number;
  piece: number;
  offset: number;
}

/**
 * A script that is edited. An update reads and parses again only the statements that it touches; all others stay the
 * same objects, so what is computed from them can be kept in a WeakMap. Never throws; edits outside of the text are
 * clipped to it.
 */
export class ScriptDocument implements Script {
  private chunks: Chunk[] = [];
  private size = 0;
  private joined: string | undefined;
  private placed: readonly PlacedStatement[] | undefined;

  constructor(
    text: string,
    private readonly options: ParseOptions,
  ) {
    this.size = text.length;
    this.joined = text;
    const pieces = this.split(text, undefined);
    for (let i = 0; i < pieces.length; i += CHUNK) this.chunks.push(chunkOf(pieces.slice(i, i + CHUNK)));
  }

  /** Length of the text in UTF-16 units. */
  get length(): number {
    return this.size;
  }

  /** The whole text, put together when it is asked for. */
  get text(): string {
    if (this.joined === undefined) {
      const parts: string[] = [];
      for (const chunk of this.chunks) for (const piece of chunk.pieces) parts.push(pieceText(piece));
      this.joined = parts.join('');
    }
    return this.joined;
  }

  /** All statements with their places, put together when they are asked for. */
  get statements(): readonly PlacedStatement[] {
    if (this.placed === undefined) {
      const placed: PlacedStatement[] = [];
      let offset = 0;
      for (const chunk of this.chunks)
        for (const piece of chunk.pieces) {
          if (piece.statement)
            placed.push({ statement: piece.statement, offset: offset + piece.lead.length, regionStart: offset });
          offset += pieceLength(piece);
        }
      this.placed = inDialects(placed, this.options);
    }
    return this.placed;
  }

  /** The statement whose region (with its leading comments and its semicolon) holds an offset. */
  statementAt(offset: number): PlacedStatement | undefined {
    const place = this.locate(offset);
    const piece = place && this.chunks[place.chunk]!.pieces[place.piece]!;
    if (!piece?.statement) return undefined;
    return { statement: piece.statement, offset: place!.offset + piece.lead.length, regionStart: place!.offset };
  }

  /** All syntax problems with the document offset of their statement, in order. */
  problems(): { problem: Problem; offset: number }[] {
    const found: { problem: Problem; offset: number }[] = [];
    let start = 0;
    for (const chunk of this.chunks) {
      if (chunk.problems > 0) {
        let offset = start;
        for (const piece of chunk.pieces) {
          if (piece.statement)
            for (const problem of piece.statement.problems) found.push({ problem, offset: offset + piece.lead.length });
          offset += pieceLength(piece);
        }
      }
      start += chunk.length;
    }
    return found;
  }

  /** Applies edits one after the other, each in offsets of the text that the one before left. */
  update(edits: readonly TextEdit[]): ScriptChange {
    const removed: ParsedStatement[] = [];
    const added: ParsedStatement[] = [];
    for (const edit of edits) this.apply(edit, removed, added);
    const gone = removed.filter((statement) => !added.includes(statement));
    const come = added.filter((statement) => !removed.includes(statement));
    return { removed: gone, added: come };
  }

  private apply(edit: TextEdit, removed: ParsedStatement[], added: ParsedStatement[]): void {
    const start = Math.max(0, Math.min(edit.start, this.size));
    const end = Math.max(start, Math.min(edit.end, this.size));
    this.joined = undefined;
    this.placed = undefined;
    const first = this.locate(start);
    const last = this.locate(end);
    if (!first || !last) {
      // an empty document
      this.chunks = [chunkOf(this.split(edit.text, undefined))];
      for (const piece of this.chunks[0]!.pieces) if (piece.statement) added.push(piece.statement);
      this.size = edit.text.length;
      return;
    }
    const old: Piece[] = [];
    let chunk = first.chunk;
    let index = first.piece;
    const take = (): boolean => {
      while (chunk < this.chunks.length && index >= this.chunks[chunk]!.pieces.length) {
        chunk++;
        index = 0;
      }
      if (chunk >= this.chunks.length) return false;
      old.push(this.chunks[chunk]!.pieces[index++]!);
      return true;
    };
    do take();
    while (chunk < last.chunk || (chunk === last.chunk && index <= last.piece));
    const before = old.map(pieceText).join('');
    const text = before.slice(0, start - first.offset) + edit.text + before.slice(end - first.offset);
    let step = 1;
    const pieces = this.split(text, () => {
      // the last statement is not closed: it may go on into what follows
      const from = old.length;
      for (let i = 0; i < step && take(); i++);
      step *= 2;
      return old.slice(from).map(pieceText).join('');
    });
    for (const piece of old) if (piece.statement) removed.push(piece.statement);
    const kept = new Map(old.flatMap((piece) => (piece.statement ? [[piece.statement.text, piece.statement]] : [])));
    const fresh = pieces.map((piece) => {
      const same = piece.statement && kept.get(piece.statement.text);
      return same ? { ...piece, statement: same } : piece;
    });
    for (const piece of fresh) if (piece.statement) added.push(piece.statement);
    this.replace(first, chunk, index, fresh);
    this.size += edit.text.length - (end - start);
  }

  /** Puts pieces in the place of those from `first` up to, not including, piece `index` of chunk `chunk`. */
  private replace(first: Place, chunk: number, index: number, fresh: Piece[]): void {
    const head = this.chunks[first.chunk]!.pieces.slice(0, first.piece);
    const rest = chunk < this.chunks.length ? this.chunks[chunk]!.pieces.slice(index) : [];
    const pieces = head.concat(fresh, rest);
    const made: Chunk[] = [];
    const size = pieces.length > 2 * CHUNK ? CHUNK : pieces.length;
    for (let i = 0; i < pieces.length; i += size) made.push(chunkOf(pieces.slice(i, i + size)));
    this.chunks.splice(first.chunk, Math.min(chunk, this.chunks.length - 1) - first.chunk + 1, ...made);
  }

  /** The piece that holds an offset; the last one for the end of the text. undefined when there is no piece. */
  private locate(offset: number): Place | undefined {
    let start = 0;
    for (let i = 0; i < this.chunks.length; i++) {
      const chunk = this.chunks[i]!;
      if (offset >= start + chunk.length && i < this.chunks.length - 1) {
        start += chunk.length;
        continue;
      }
      let at = start;
      for (let j = 0; j < chunk.pieces.length; j++) {
        const length = pieceLength(chunk.pieces[j]!);
        if (offset < at + length || (i === this.chunks.length - 1 && j === chunk.pieces.length - 1))
          return { chunk: i, piece: j, offset: at };
        at += length;
      }
    }
    return undefined;
  }

  /** Splits and parses a text; `more` gives what follows it while its last statement has no semicolon. */
  private split(text: string, more: (() => string) | undefined): Piece[] {
    const { templates } = this.options;
    const pieces: Piece[] = [];
    let buffer = text;
    let at = 0;
    while (at < buffer.length) {
      let region = nextRegion(buffer, at, templates);
      while (more && region.end === buffer.length) {
        const next = more();
        if (next === '') break;
        buffer += next;
        region = nextRegion(buffer, at, templates);
      }
      const start = Math.min(region.start, region.end);
      const statement = start < region.end ? parseStatement(buffer.slice(start, region.end), this.options) : undefined;
      const tail = region.end < region.next ? ';' : '';
      pieces.push({ lead: buffer.slice(at, start), statement, tail });
      at = region.next;
    }
    return pieces;
  }
}
