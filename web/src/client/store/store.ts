export interface Store { close(): void }
