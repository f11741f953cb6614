import type {
  LineageDirection,
  LineageExpansion,
  LineageGraph,
  LineageTarget,
  UserError,
} from '../../../server/src/protocol';

/** What the page keeps over a reload of the window. */
export interface PanelState {
  target: LineageTarget;
  expanded: LineageExpansion[];
  /** Columns shown, by node */
  open: Record<string, number>;
  allColumns: boolean;
  chosen?: { node: string; column?: string };
  view?: { x: number; y: number; k: number };
}

/** From the extension to the page. */
export type ToPage =
  | { type: 'loading' }
  | {
      type: 'graph';
      target: LineageTarget;
      expanded: LineageExpansion[];
      graph: LineageGraph;
      /** With what the store knows, or without any that could be asked */
      complete: boolean;
      /** Another graph was shown before that can be gone back to */
      back: boolean;
      /** The graph's focus is chosen, whatever else is */
      choose: boolean;
    }
  /** `stale`: what is shown stays, it is only not up to date */
  | { type: 'error'; error: UserError; stale: boolean }
  | { type: 'render'; format: 'svg' | 'png'; request: number };

/** From the page to the extension. Places are named by node, column and edge, never by address. */
export type FromPage =
  | { type: 'ready' }
  | { type: 'reveal'; node: string; column?: string; focus?: boolean }
  | { type: 'revealEdge'; from: { node: string; column: string }; to: { node: string; column: string } }
  | { type: 'openInAtlas'; node: string }
  | { type: 'copyName'; node: string }
  /** A limit of 0 takes an expansion back */
  | { type: 'expand'; node: string; direction: LineageDirection; limit: number }
  | { type: 'around'; node: string }
  | { type: 'whole' }
  | { type: 'back' }
  | { type: 'retry' }
  | { type: 'export' }
  | { type: 'rendered'; request: number; data: string };
