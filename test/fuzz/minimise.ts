/**
 * Makes a failing text as small as it gets by leaving out ever smaller pieces while it still fails.
 * `fails` is called at most `tries` times.
 */
export function minimise(text: string, fails: (text: string) => boolean, tries = 3000): string {
  let best = text;
  let left = tries;
  for (let size = Math.ceil(best.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let again = true; again && left > 0; ) {
      again = false;
      for (let at = 0; at < best.length && left > 0; ) {
        const shorter = best.slice(0, at) + best.slice(at + size);
        left--;
        if (shorter !== best && fails(shorter)) {
          best = shorter;
          again = true;
        } else at += size;
      }
    }
  }
  return best;
}
