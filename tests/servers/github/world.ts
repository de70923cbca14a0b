import { type Clock, systemClock } from "./clock.ts";
import { Ids } from "./ids.ts";
import type { Permissions } from "./plan.ts";
import { Repo } from "./repo.ts";
import { type Login, Logins } from "./serve/logins.ts";
import { type Fault, Faults } from "./trouble/faults.ts";
import { type Hole, Holes } from "./trouble/holes.ts";
import type { RateMeter } from "./trouble/rate.ts";

/** Everything behind the API of one host: repositories, what the token may do, what goes wrong and when. */
export class World {
  /** Host name; `github.com` unless it was made by `host`. */
  readonly name: string;
  readonly ids = new Ids();
  readonly faults: Faults;
  readonly holes: Holes;
  readonly logins: Logins;
  readonly repos = new Map<string, Repo>();
  /** Other hosts that listen on the same socket, by name. */
  readonly hosts = new Map<string, World>();
  readonly permissions: Permissions = {
    checks: true,
    statuses: true,
    actions: true,
    rulesets: true,
    protection: true,
    branches: true,
    deployments: true,
    codeScanning: true,
    contents: true,
  };
  /** How many requests came so far. */
  requests = 0;
  readonly #clock: Clock;
  readonly #start: number;
  #made = 0;
  #actions: { at: number; run: () => void }[] = [];
  #before: (() => void)[] = [];
  #pinned: number | null = null;

  constructor(clock: Clock = systemClock, name = "github.com") {
    this.name = name;
    this.#clock = clock;
    this.#start = clock.now();
    this.faults = new Faults(() => this.now());
    this.holes = new Holes(() => this.now());
    this.logins = new Logins(() => this.now());
  }

  /** Who the request's token belongs to; `null` = every request is answered 401. */
  get viewer(): string | null {
    return this.logins.current.name;
  }

  set viewer(name: string | null) {
    this.logins.main.name = name;
  }

  /** The budgets of the login that asks. */
  get rate(): RateMeter {
    return this.logins.current.rate;
  }

  /** Adds a login with a token and budgets of its own. Source: the limits are per user ("Rate limits for the REST API"). */
  login(name: string, token: string): Login {
    return this.logins.add(name, token);
  }

  /** Another host on the same socket and clock: a GitHub Enterprise server. */
  host(name: string): World {
    const known = this.hosts.get(name);
    if (known) return known;
    const world = new World(this.#clock, name);
    this.hosts.set(name, world);
    return world;
  }

  /** The time; inside an action of `at`, the time it was planned for. */
  now(): number {
    return this.#pinned ?? this.#clock.now();
  }

  /** Seconds since the world was made. */
  elapsed(): number {
    return this.elapsedAt(this.now());
  }

  /** Seconds from its begin to that instant (ms). */
  elapsedAt(at: number): number {
    return (at - this.#start) / 1000;
  }

  /** Makes or finds a repository; a new one may be a fork. */
  repo(fullName: string, parent: Repo | null = null): Repo {
    const found = this.find(fullName);
    if (found) return found;
    const [owner = "", name = ""] = fullName.split("/");
    const repo = new Repo(this, owner, name, parent);
    this.repos.set(fullName.toLowerCase(), repo);
    return repo;
  }

  /** The number of a new repository. */
  nextRepo(): number {
    this.#made += 1;
    return this.#made;
  }

  /**
   * Renames a repository: its old name leads to it until somebody makes another one of that name.
   * Source: docs.github.com, "Renaming a repository".
   */
  rename(fullName: string, to: string): Repo {
    const repo = this.repo(fullName);
    [repo.owner = "", repo.name = ""] = to.split("/");
    this.repos.set(to.toLowerCase(), repo);
    return repo;
  }

  /** Makes another repository under the old name of one that was renamed. */
  replace(fullName: string): Repo {
    this.repos.delete(fullName.toLowerCase());
    return this.repo(fullName);
  }

  /** Finds a repository, whatever the case of its name. */
  find(fullName: string): Repo | undefined {
    return this.repos.get(fullName.toLowerCase());
  }

  /** Finds a repository that the login that asks may see. To others a private one is not there: GitHub says 404, not 403. */
  visible(fullName: string): Repo | undefined {
    const repo = this.find(fullName);
    return repo?.readers && !repo.readers.includes(this.viewer ?? "") ? undefined : repo;
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

  /** Takes a part out of GraphQL answers; see `Hole`. Times count from now. */
  hole(hole: Hole): void {
    this.holes.add(hole);
  }

  /** Runs something before every request is answered. */
  beforeRequest(run: () => void): void {
    this.#before.push(run);
  }

  /** Brings the world up to the present. The server calls it before it answers. */
  settle(): void {
    this.requests += 1;
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
