/** The two primary budgets of one token: GraphQL points and REST requests, in windows of an hour. */
export class RateMeter {
  /** Points or requests per window. */
  limit = 5000;
  /** All GraphQL points ever charged. */
  points = 0;
  readonly #now: () => number;
  readonly #used = { graphql: 0, core: 0 };
  #resetAt: number;

  constructor(now: () => number) {
    this.#now = now;
    this.#resetAt = now() + 3_600_000;
  }

  /** Charges a request. `false` = the budget is gone and nothing was charged. */
  charge(resource: "graphql" | "core", cost: number): boolean {
    this.#roll();
    if (this.#used[resource] + cost > this.limit) return false;
    this.#used[resource] += cost;
    if (resource === "graphql") this.points += cost;
    return true;
  }

  /** Uses both budgets up; they come back after that many seconds. */
  exhaust(seconds: number): void {
    this.#used.graphql = this.limit;
    this.#used.core = this.limit;
    this.#resetAt = this.#now() + seconds * 1000;
  }

  /** Leaves that many points and requests in the window. */
  leave(remaining: number): void {
    this.#roll();
    this.#used.graphql = this.limit - remaining;
    this.#used.core = this.limit - remaining;
  }

  /** What the headers and `rateLimit` show. `resetAt` in ms. */
  read(resource: "graphql" | "core"): { limit: number; remaining: number; used: number; resetAt: number } {
    this.#roll();
    const used = this.#used[resource];
    return { limit: this.limit, remaining: this.limit - used, used, resetAt: this.#resetAt };
  }

  #roll(): void {
    if (this.#now() < this.#resetAt) return;
    this.#used.graphql = 0;
    this.#used.core = 0;
    this.#resetAt = this.#now() + 3_600_000;
  }
}
