import { parseScript } from '../../server/src/language/parser';
import type { Engine } from './invariants';

/** The language core as the fuzzer sees it. */
export const engine: Engine = {
  parse: (text, options) => parseScript(text, options).statements,
  update: (_before, text, _change, options) => parseScript(text, options).statements,
};
