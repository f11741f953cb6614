// The everyday things on the sample shop, with the catalog that comes with it, in both kinds of themes.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keepFailures, openSession, type Session, samples } from './session';

const jobs = readdirSync(samples).filter((name) => name.endsWith('.flink.sql') && name !== 'mistakes.flink.sql');

/** The places that the sample itself calls wrong: from the comment that says so to the next empty line, 1-based. */
function deliberateMistakes(): { first: number; last: number }[] {
  const lines = readFileSync(path.join(samples, 'mistakes.flink.sql'), 'utf8').split('\n');
  return lines.flatMap((text, index) => {
    if (!/^-- (Wrong|Advice):/.test(text)) return [];
    const length = lines.slice(index).indexOf('');
    return [{ first: index + 1, last: length < 0 ? lines.length : index + length }];
  });
}

describe.each([
  { kind: 'light', theme: 'Default Light Modern' },
  { kind: 'dark', theme: 'Default Dark Modern' },
])('the sample shop, $kind', ({ kind, theme }) => {
  let session: Session;

  beforeAll(async () => {
    session = await openSession({
      from: samples,
      open: 'mistakes.flink.sql',
      height: 1400,
      settings: { 'workbench.colorTheme': theme },
    });
  });
  afterAll(() => session?.stop());
  keepFailures(() => session);

  it('underlines each deliberate mistake once, and nothing else', async () => {
    const { page } = session;
    const expected = deliberateMistakes();
    await page.squiggles().first().waitFor();
    const problems = await page.problems(expected.length);
    await session.keep(`samples-${kind}-mistakes`);
    const found = expected.map(
      ({ first, last }) => problems.filter(({ line }) => line >= first && line <= last).length,
    );
    expect(found, JSON.stringify(problems, null, 1)).toEqual(expected.map(() => 1));
    expect(problems).toHaveLength(expected.length);
  });

  it.each(jobs)('finds nothing wrong in %s', async (name) => {
    const { page } = session;
    await page.openFile(name);
    // A hover shows that the server has read the file
    const create = readFileSync(path.join(samples, name), 'utf8')
      .split('\n')
      .find((line) => line.startsWith('CREATE TABLE'));
    const table = create?.split(' ')[2] ?? '';
    await page.hover(create ?? '', table, table);
    await page.leave();
    expect(await page.problems(deliberateMistakes().length)).toHaveLength(deliberateMistakes().length);
  });
});
