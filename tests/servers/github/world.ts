import { type Clock, systemClock } from "./clock.ts";
import { type Fault, Faults } from "./faults.ts";
import { Ids } from "./ids.ts";
import type { Permissions } from "./plan.ts";
import { RateMeter } from "./rate.ts";
import { Repo } from "./repo.ts";

/** Everything behind the API: repositories, what the token may do, what goes wrong and when. */
export class World {
  readonly ids = new Ids();
  readonly faults: Faults;
  readonly rate: RateMeter;
  readonly repos = new Map<string, Repo>();
  readonly permissions: Permissions = {
    checks: true,
    statuses: true,
    actions: true,
    rulesets: true,
    protection: true,
    branches: true,
    deployments: true,
  };
  /** Who the token belongs to; `null` = every request is answered 401. */
  viewer: string | null = "octocat";
  readonly #clock: Clock;
  readonly #start: number;
  #actions: { at: number; run: () => void }[] = [];
  #before: (() => void)[] = [];
  #pinned: number | null = null;

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
    this.#start = clock.now();
    this.faults = new Faults(() => this.now());
    this.rate = new RateMeter(() => this.now());
  }

  /** The time; inside an action of `at`, the time it was planned for. */
  now(): number {
    return this.#pinned ?? this.#clock.now();
  }

  /** Seconds since the world was made. */
  elapsed(): number {
    return (this.now() - this.#start) / 1000;
  }

  /** Makes or finds a repository. */
  repo(fullName: string): Repo {
    const found = this.find(fullName);
    if (found) return found;
    const [owner = "", name = ""] = fullName.split("/");
    const repo = new Repo(this, owner, name);
    this.repos.set(fullName.toLowerCase(), repo);
    return repo;
  }

  /** Finds a repository, whatever the case of its name. */
  find(fullName: string): Repo | undefined {
    return this.repos.get(fullName.toLowerCase());
  }

  /** Does something that many seconds after the world was made. */
  at(second: number, run: () => void): void {
    this.#actions.push({ at: this.#start + second * 1000, run });
    this.#actions.sort((a, b) => a.at - b.at);
  }

  /** Makes requests go wrong; see `Fault`. Times count from now. */
  fault(fault: Fault): void {
    this.faults.add(fault);
  }

  /** Runs something before every request is answered. */
  beforeRequest(run: () => void): void {
    this.#before.push(run);
  }

  /** Brings the world up to the present. The server calls it before it answers. */
  settle(): void {
    while (this.#actions[0] && this.#actions[0].at <= this.#clock.now()) {
      const action = this.#actions.shift()!;
      this.#pinned = action.at;
      try {
        action.run();
      } finally {
        this.#pinned = null;
      }
    }
    for (const run of this.#before) run();
  }
}
