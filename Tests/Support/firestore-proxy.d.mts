export interface CountedWrite {
  /** Below `documents/`. */
  readonly document: string;
  readonly write: { readonly update?: { readonly fields: Record<string, { stringValue?: string; integerValue?: string }> } };
  /** Milliseconds since 1970. */
  readonly at: number;
}

export class FirestoreProxy {
  static to(target: string): Promise<FirestoreProxy>;
  readonly address: string;
  set target(target: string);
  writes: CountedWrite[];
  requests: number;
  otherWrites: number;
  writesTo(path: string): CountedWrite[];
  reset(): void;
  written(matches: (write: CountedWrite) => boolean, options?: { since?: number; limit?: number }): Promise<CountedWrite>;
  hold(matches?: (writes: readonly unknown[]) => boolean): () => void;
  end(): void;
}
