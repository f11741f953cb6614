/** Bytes that follow the tag of each kind of constant, by tag; see chapter 4.4 of the Java Virtual Machine Specification. */
const constantSizes: Record<number, number> = {
  3: 4,
  4: 4,
  5: 8,
  6: 8,
  7: 2,
  8: 2,
  9: 4,
  10: 4,
  11: 4,
  12: 4,
  15: 3,
  16: 2,
  17: 4,
  18: 4,
  19: 2,
  20: 2,
};

/**
 * String constants of a Java class file in the order of its constant pool, which is about that of the source. The
 * compiler joins literals that are added up; where a value is added at run time the string has '\u0001' instead.
 */
export function classStrings(data: Buffer): string[] {
  const count = data.readUInt16BE(8);
  const texts = new Map<number, string>();
  const strings: number[] = [];
  let at = 10;
  for (let index = 1; index < count; index++) {
    const tag = data[at]!;
    if (tag === 1) {
      const length = data.readUInt16BE(at + 1);
      texts.set(index, data.toString('utf8', at + 3, at + 3 + length));
      at += 3 + length;
      continue;
    }
    if (tag === 8) strings.push(data.readUInt16BE(at + 1));
    at += 1 + constantSizes[tag]!;
    if (tag === 5 || tag === 6) index++; // long and double take two places
  }
  return strings.map((index) => texts.get(index)!);
}
