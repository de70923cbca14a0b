import { RateMeter } from "../trouble/rate.ts";

/** Somebody who is logged in, with the budgets that GitHub keeps for them. */
export interface Login {
  name: string | null;
  readonly rate: RateMeter;
}

/** The logins of one host. A request belongs to the login of its token, or to the first one. */
export class Logins {
  readonly main: Login;
  current: Login;
  readonly #byToken = new Map<string, Login>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
    this.main = { name: "octocat", rate: new RateMeter(now) };
    this.current = this.main;
  }

  /** Adds a login with a token of its own. */
  add(name: string, token: string): Login {
    const login = { name, rate: new RateMeter(this.#now) };
    this.#byToken.set(token, login);
    return login;
  }

  /** Takes the login of a request's `authorization` header. */
  use(authorization: string | undefined): void {
    const token = authorization?.replace(/^(token|bearer) /i, "") ?? "";
    this.current = this.#byToken.get(token) ?? this.main;
  }
}
