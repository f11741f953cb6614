import { ScriptDocument } from '../../server/src/language/document';
import { parseScript } from '../../server/src/language/parser';
import type { Engine } from './invariants';

/** The language core as the fuzzer sees it. */
export const engine: Engine = {
  parse: (text, options) => parseScript(text, options).statements,
  update: (text, change, options) => {
    const document = new ScriptDocument(text, options);
    document.update([change]);
    return document.statements;
  },
};
