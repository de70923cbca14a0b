import type {
  Condition,
  HttpRequest,
  Parameter,
  Pointer,
  ProgressPointers,
  Provider,
  ProviderStatus,
  Rule,
  Template,
} from "../../providers/describe/provider.ts";

/**
 * Further pages of a list. The document (`at`) or a header of the answer (`header`) holds what leads to the next page: the value of the
 * query's entry `query`, or without it an address on the provider's own server.
 */
export interface NextPage {
  readonly at?: Pointer;
  readonly header?: string;
  readonly query?: string;
}

/** A text that shows why something failed: of a request of its own, or of the item. */
export interface LogText {
  readonly request?: HttpRequest;
  /**
   * The answer (or the item) holds the address of the text, which may lie on any public server. It is asked without credentials, and
   * `file` is put behind it.
   */
  readonly url?: Pointer;
  readonly file?: string;
  /** In a JSON answer: the lines, or objects that hold them. Default: the whole. */
  readonly lines?: Pointer;
  /** The text in each of them. */
  readonly line?: Pointer;
  /** They are pieces of one text, which may break within a line. */
  readonly pieces?: boolean;
  /** How the text is written. Default: plain. */
  readonly form?: "html" | "base64";
  /** What must hold of a JSON answer for the text to be the whole; else it counts as none. */
  readonly where?: readonly Condition[];
  /** The server gives the end of a text when it is asked for it (HTTP `Range`). */
  readonly tail?: boolean;
  /** It is read only when those before it gave no text. */
  readonly fallback?: boolean;
}

/** Jobs or steps that failed, and where their texts are. */
export interface LogParts {
  /** The document that lists them. Default: the one that is at hand, that is the run's or an item of the list around. */
  readonly request?: HttpRequest;
  readonly next?: NextPage;
  /** The list. Default: the document is the only item. */
  readonly items?: Pointer;
  /** What holds of an item that failed. */
  readonly where?: readonly Condition[];
  /** What the items are. Without it they bear no name. */
  readonly as?: "job" | "step";
  /** Names of the item (`{/name}`); the first that can be filled in. */
  readonly name?: readonly Template[];
  /** The item of the same list that is the job of this one: where its id stands here, and in the other. */
  readonly job?: { readonly of: Pointer; readonly id: Pointer; readonly name: Pointer };
  /** Command that it ran. */
  readonly command?: Pointer;
  /** Its exit code. */
  readonly exit?: Pointer;
  /** Values of the item for later templates. */
  readonly values?: Readonly<Record<string, Pointer>>;
  /** What lies within each item. */
  readonly parts?: readonly LogParts[];
  readonly text?: readonly LogText[];
  /** They are read only when those before them gave no text, or not the whole. */
  readonly fallback?: boolean;
}

/** One run or job of a service: how its state is told, and where the texts of what failed in it are. */
export interface LogTarget {
  /** What it is called. */
  readonly label: Template;
  /** Answers that give values which its page does not hold; asked when one of them is unknown. */
  readonly find?: {
    readonly request: HttpRequest;
    readonly next?: NextPage;
    readonly items: Pointer;
    readonly where: readonly Condition[];
    readonly values: Readonly<Record<string, Pointer>>;
  };
  /** Its document. */
  readonly request: HttpRequest;
  /** Part of the answer that all pointers start from. */
  readonly root?: Pointer;
  /** Values of the document for later templates. */
  readonly values?: Readonly<Record<string, Pointer>>;
  /** What HTTP 404 means. Default: there is no such run, or it is not shown to this credential. */
  readonly missing?: "waiting" | "running";
  /** Where the state stands; several values are joined by `:`. */
  readonly state?: Pointer | readonly Pointer[];
  /** Values of the state by what they mean. Any other counts as running and is reported once. */
  readonly states?: Provider["states"];
  readonly rules?: readonly Rule[];
  readonly otherwise?: ProviderStatus;
  readonly progress?: Omit<ProgressPointers, "request">;
  readonly reason?: readonly Pointer[];
  readonly startedAt?: Pointer;
  readonly endedAt?: Pointer;
  readonly logs: readonly LogParts[];
}

/**
 * A LOG PROVIDER AS DATA: everything needed to read why a run of a CI service failed, and to watch one. It is the same in `plugins/` and
 * under `ci_watch.log_providers` of a policy (as YAML).
 */
export interface LogProvider {
  /** kebab-case. */
  readonly name: string;
  /** As people call it. */
  readonly title: string;
  /** What this description was written from. */
  readonly checked: string;
  /**
   * Where it is asked: the only place that its credentials are sent to. `env` names a variable that overrules it. Without `url` it is
   * asked only where the variable says.
   */
  readonly base?: { readonly url?: string; readonly env?: string };
  /** Origins of pages that belong to it beside its base. */
  readonly sites?: readonly string[];
  /** `{env:NAME}` is a variable; a header with `{env:NAME?}` is left out without it. */
  readonly headers?: Readonly<Record<string, Template>>;
  /** Variables of a user name and a password; without `user`, the name is empty. Both set: sent as basic authorization. */
  readonly basic?: { readonly user?: string; readonly password: string };
  readonly params?: Readonly<Record<string, Pick<Parameter, "description" | "env" | "default" | "optional">>>;
  /** How GitHub shows it: slugs of apps and names of checks or statuses (regular expressions, no case). They only help to explain. */
  readonly apps?: readonly string[];
  readonly contexts?: readonly string[];
  /**
   * Its pages: what stands behind the base or the site (path, query and fragment, a regular expression) with named groups as values, and
   * the target that it is a page of. `telling`: no other service has pages of this form, so that one on a server that nobody has named is
   * hinted at.
   */
  readonly pages: readonly { readonly path: string; readonly is: string; readonly telling?: boolean }[];
  readonly targets: Readonly<Record<string, LogTarget>>;
}
