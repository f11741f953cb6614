import type { PublishState } from '../atlas/publishState';
import type { OpenDocument } from './document';

/** Milliseconds after the last keystroke until it is worked out anew how a job differs from what was published. */
const AFTER_TYPING = 1_500;

/**
 * How the jobs of the open documents stand in the store, worked out in the background: when a document is opened, when
 * typing in it rests, and when something was published or refreshed. What was last known stands until then.
 */
export class PublishStates {
  private readonly states = new Map<string, PublishState | undefined>();
  private readonly timers = new Map<string, NodeJS.Timeout>();

  /**
   * `workOut` answers undefined where there is nothing to say, errors of the store included; `changed` is called when a
   * state is another one than before.
   */
  constructor(
    private readonly workOut: (document: OpenDocument) => Promise<PublishState | undefined>,
    private readonly changed: () => void,
  ) {}

  get(uri: string): PublishState | undefined {
    return this.states.get(uri);
  }

  /** For a document that was opened, or whose store has changed. */
  async update(document: OpenDocument): Promise<void> {
    clearTimeout(this.timers.get(document.uri));
    const { uri, version } = document;
    if (!this.states.has(uri)) this.states.set(uri, undefined);
    const state = await this.workOut(document);
    // Closed, or edited meanwhile: then another answer is coming
    if (!this.states.has(uri) || document.version !== version) return;
    if (JSON.stringify(state) === JSON.stringify(this.states.get(uri))) return;
    this.states.set(uri, state);
    this.changed();
  }

  /** For a document that is being typed in. */
  updateLater(document: OpenDocument): void {
    clearTimeout(this.timers.get(document.uri));
    this.timers.set(
      document.uri,
      setTimeout(() => void this.update(document), AFTER_TYPING),
    );
  }

  /** Forgets a closed document. */
  stop(uri: string): void {
    clearTimeout(this.timers.get(uri));
    this.timers.delete(uri);
    this.states.delete(uri);
  }
}
