export const project: string;
export const rulesFile: string;
export function emulatorsMissing(needs?: { auth?: boolean }): string | null;

declare class Emulator {
  readonly port: number;
  /** `host:port` */
  readonly address: string;
  kill(): Promise<void>;
}

export class FirestoreEmulator extends Emulator {
  static start(options?: { rules?: string }): Promise<FirestoreEmulator>;
  start(): Promise<void>;
  restart(): Promise<void>;
  document(name: string): Promise<Record<string, { stringValue?: string; integerValue?: string }> | null>;
}

export class AuthEmulator extends Emulator {
  static start(): Promise<AuthEmulator>;
}

export class Emulators {
  static start(options?: { rules?: string }): Promise<Emulators>;
  readonly firestore: FirestoreEmulator;
  readonly auth: AuthEmulator;
  firebaseFile(options?: { firestore?: string }): string;
  end(): Promise<void>;
}
