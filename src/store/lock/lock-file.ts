/** An open lock file; closing it gives the lock back, as the kernel does when the holder dies. */
export interface LockFile {
  tryLock(): boolean;
  close(): void;
}
