import { rules } from "../rule.ts";

const RERUN = { transient: true } as const;
const LOST = { transient: true, deep: true } as const;
const DEEP = { deep: true } as const;

/** The machine: memory, disk, process limits, a runner that went away. */
// biome-ignore format: one rule a line, as in the tables of the rubric
export const RUNNER = rules("runner", [
  ["container-runtime", "docker", 0.88, ["OCI runtime ", "failed to create shim", "error during container init"], /OCI runtime (?:exec|create) failed|failed to create shim|error during container init/, "OCI runtime exec failed: exec failed: unable to start container process: no such file or directory: unknown"],
  ["node-heap", "node", 0.96, "JavaScript heap out of memory", /FATAL ERROR: .{0,120}heap out of memory/, "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory", DEEP],
  ["shell-killed", "bash", 0.93, "Killed", /^Killed$|: line \d+: +\d+ Killed\b/, "/home/runner/a.sh: line 1: 18082 Killed                  python3 train.py", RERUN],
  ["signal-killed", "any", 0.92, ["signal: killed", "SIGKILL", "Killed signal terminated program"], /signal: killed|\(signal: 9, SIGKILL|signal=SIGKILL|Killed signal terminated program|exited with (?:signal )?SIGKILL|terminated by signal SIGKILL/, "c++: fatal error: Killed signal terminated program cc1plus", LOST],
  ["aborted-alloc", "any", 0.93, ["memory allocation of", "annot allocate memory", "std::bad_alloc", "virtual memory exhausted", "out of memory allocating"], /memory allocation of \d+ bytes failed|[Cc]annot allocate memory|std::bad_alloc|virtual memory exhausted|out of memory allocating \d+ bytes/, "memory allocation of 1073741824 bytes failed", DEEP],
  ["jvm-oom", "java", 0.95, ["OutOfMemoryError", "JVM heap space is exhausted"], null, "java.lang.OutOfMemoryError: Java heap space", DEEP],
  ["python-memory", "python", 0.85, "MemoryError", /^MemoryError\b/, "MemoryError"],
  ["go-oom", "go", 0.95, "runtime: out of memory", null, "fatal error: runtime: out of memory"],
  ["oom-killer", "linux", 0.93, ["Out of memory: Killed process", "oom-kill", "OOMKilled", "exceeded its memory limit"], null, "Out of memory: Killed process 1234 (node)", RERUN],
  ["disk-full", "any", 0.96, ["o space left on device", "not enough space on the disk", "Disk quota exceeded"], /^(?:.{0,200}: )?(?:ENOSPC: )?[Nn]o space left on device|^\s*(?:Error: )?ENOSPC: no space left|\(os error 28\)|\[Errno 28\]|not enough space on the disk|Disk quota exceeded/, "fatal: write error: No space left on device", DEEP],
  ["inotify", "linux", 0.93, "file watchers reached", null, "Error: ENOSPC: System limit for number of file watchers reached, watch '/src'", DEEP],
  ["bus-error", "ld", 0.93, ["Bus error", "SIGBUS"], /ld terminated with signal 7|signal: 7, SIGBUS|^Bus error/, "collect2: fatal error: ld terminated with signal 7 [Bus error]"],
  ["too-many-files", "any", 0.93, "oo many open files", /^(?:.{0,120}: )?(?:EMFILE: )?[Tt]oo many open files|\(os error 24\)|\[Errno 24\]/, "Error: EMFILE: too many open files, open 'a.js'", DEEP],
  ["fork-limit", "any", 0.95, ["fork: ", "Resource temporarily unavailable", "can't start new thread"], /fork: (?:retry: )?(?:Resource temporarily unavailable|Cannot allocate memory)|pthread_create.{0,60}Resource temporarily unavailable|can't start new thread/, "make: fork: Resource temporarily unavailable"],
  ["runner-shutdown", "actions", 0.98, ["runner has received a shutdown signal", "lost communication with the server", "hosted runner encountered an error", "hosted runner lost communication"], null, "The runner has received a shutdown signal. This can happen when the runner service is stopped.", LOST],
  ["runner-missing", "actions", 0.95, ["was not acquired by Runner", "No runner matching"], null, "The job was not acquired by Runner of type hosted even after multiple attempts", LOST],
  ["gitlab-system", "gitlab", 0.97, ["Job failed (system failure)", "runner system failure"], null, "ERROR: Job failed (system failure): pods \"runner-x\" not found", LOST],
  ["gradle-daemon", "gradle", 0.95, "build daemon disappeared unexpectedly", null, "Gradle build daemon disappeared unexpectedly (it may have been killed or may have crashed)", LOST],
  ["jvm-crash", "java", 0.9, ["A fatal error has been detected by the Java Runtime", "The forked VM terminated without properly saying goodbye"], null, "The forked VM terminated without properly saying goodbye. VM crash or System.exit called?", RERUN],
  ["docker-daemon", "docker", 0.82, "Cannot connect to the Docker daemon", null, "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?"],
  ["node-worker-oom", "node", 0.95, ["ERR_WORKER_OUT_OF_MEMORY", "Worker terminated due to reaching memory limit"], null, "Error [ERR_WORKER_OUT_OF_MEMORY]: Worker terminated due to reaching memory limit: JS heap out of memory", DEEP],
  ["out-of-memory", "any", 0.84, ["out of memory", "oom"], /^.{0,60}\b(?:error|fatal|panic|exception)\b.{0,60}\bout of memory\b|\b(?:process|container|job|build|worker) .{0,40}(?:ran |went |was )?(?:out of memory|oom[- ]?killed)/, "error: process ran out of memory", { ignoreCase: true }],
]);

/** Billing: GitHub never started the job, and will not start the next ones. */
// biome-ignore format: one rule a line, as in the tables of the rubric
export const BILLING = rules("billing", [
  ["payment", "actions", 0.98, ["payments have failed", "spending limit needs", "spending limit has been", "due to a billing issue", "budget prevents further use"], null, "The job was not started because recent account payments have failed or your spending limit needs to be increased.", DEEP],
  ["minutes-used-up", "ci", 0.96, ["minutes", "credit", "quota_exceeded", "parallelism"], /(?:no more|used all of your|exceeded|out of|insufficient|not enough|negative|has no)\b.{0,60}\b(?:CI(?:\/CD)? minutes|compute minutes|build minutes|build credits|credit balance|credits (?:left|remaining|available)|remaining credits)|ci_quota_exceeded|No hosted parallelism has been purchased or granted/, "There are no more CI minutes left in the namespace's quota.", DEEP],
]);
