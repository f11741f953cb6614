/** A JDK of this machine. `tool('javac')` is the path of one of its commands. */
export interface Jdk {
  home: string;
  version: number;
  tool: (name: string) => string;
}
export function findJdk(least: number, most: number): Jdk | undefined;
export function findMaven(): string | undefined;
