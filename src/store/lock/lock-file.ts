/** An open lock file; closing it gives the lock back, as the kernel does when the holder dies. */
export interface LockFile {
  /** How it is locked, as people say it. */
  readonly way: string;
  /** Takes the lock when it is free. True: it is held. */
  tryLock(): boolean;
  /** Gives the lock back; the file stays open. */
  unlock(): void;
  close(): void;
}
