declare const LAYOUT_WORKER: string;

export interface LayoutRequest {
  request: number;
  nodes: { id: string; width: number; height: number }[];
  edges: [from: string, to: string][];
}

export interface LayoutAnswer {
  request: number;
  /** Left upper corners */
  nodes: [id: string, x: number, y: number][];
  /** For each edge the points between its ends */
  edges: [x: number, y: number][][];
}

/** Asks the worker for layouts; only the newest question is answered. */
export class Layout {
  private readonly worker: Worker;
  private latest = 0;
  private resolve: ((answer: LayoutAnswer) => void) | undefined;

  constructor() {
    const url = URL.createObjectURL(new Blob([LAYOUT_WORKER], { type: 'text/javascript' }));
    this.worker = new Worker(url);
    this.worker.addEventListener('message', ({ data }: MessageEvent<LayoutAnswer>) => {
      if (data.request === this.latest) this.resolve?.(data);
    });
  }

  /** Never settles when another question follows before the answer is there. */
  run(question: Omit<LayoutRequest, 'request'>): Promise<LayoutAnswer> {
    this.latest++;
    return new Promise((resolve) => {
      this.resolve = resolve;
      this.worker.postMessage({ ...question, request: this.latest } satisfies LayoutRequest);
    });
  }
}
