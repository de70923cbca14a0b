import type { Json } from "../../base/json.ts";
import type { Outcome } from "../../core/states.ts";

/**
 * Where a value stands in a JSON document: a JSON Pointer (`/result/latest_stage/name`), in which `*` stands for every
 * element of a list or object, and a last `#` for its length. `""` is the whole document.
 */
export type Pointer = string;

/**
 * Text with values put in: `{name}` is a parameter, a part of the reference or a value of an earlier answer (URL-encoded in
 * `path` and `query`). In `headers`, `{env:NAME}` is an environment variable (`{env:NAME?}`: the header is left out without it): the only way in which a credential is ever sent.
 */
export type Template = string;

/** What a provider's state means for a wait. */
export type ProviderStatus =
  | "waiting"
  | "running"
  | Extract<Outcome, "succeeded" | "failed" | "cancelled" | "blocked" | "superseded" | "skipped" | "unknown">;

/** One HTTP request; relative to the provider's base. */
export interface HttpRequest {
  readonly path: Template;
  /** Added to the path; an entry whose value is unknown is left out. */
  readonly query?: Readonly<Record<string, Template>>;
  readonly method?: "GET" | "POST";
  /** Sent as JSON. A text that is one template as a whole (`"{id}"`) is filled in; an entry whose value is unknown is left out. */
  readonly body?: Json;
  /** How the answer is read: one JSON document (default), one per line, or plain lines. */
  readonly format?: "json" | "ndjson" | "text";
}

/** One run of a program that prints JSON. No shell; an argument whose value is unknown is left out with the flag before it. */
export interface ExecRequest {
  readonly run: readonly Template[];
  /** What it prints when it fails because the target does not exist (no case). Printing nothing at all means the same. */
  readonly absent?: string;
  readonly format?: HttpRequest["format"];
}

/** How a provider is asked. */
export type ProviderRequest = HttpRequest | ExecRequest;

/** Something that must hold in the document. With `*` in `at`: for any element, or for every one with `every`. */
export interface Condition {
  readonly at: Pointer;
  /** The value, as text, is one of these (templates). */
  readonly is?: readonly Template[];
  readonly not?: readonly Template[];
  /** There is a value that is neither null, false, "" nor an empty list. */
  readonly present?: boolean;
  /** The number is at least this: a number, a template that gives one, or a pointer. */
  readonly atLeast?: number | Template | Pointer;
  /** The text matches this regular expression (no case). */
  readonly matches?: string;
  readonly every?: boolean;
}

/** Overrules the list of states when all its conditions hold; the first such rule counts. */
export interface Rule {
  readonly when: readonly Condition[];
  readonly is: ProviderStatus;
  /** Why, for people; values of the document as `{/pointer}`. */
  readonly reason?: Template;
}

/** A value that the templates need: where to look for it, in this order after `--param` and the policy. */
export interface Parameter {
  readonly description: string;
  readonly env?: string;
  /** A value of the environment that does not match this is not taken. */
  readonly envMatch?: string;
  /** A file of the repository and a regular expression whose first group is the value. */
  readonly files?: readonly { readonly file: string; readonly match: string }[];
  readonly default?: string;
  /** The provider works without it. */
  readonly optional?: boolean;
}

/** How the newest item of a commit is found in a list. */
export interface Find {
  readonly request: ProviderRequest;
  /** The list. */
  readonly items: Pointer;
  /** In an item. */
  readonly id: Pointer;
  /** The item's commit: the first of these that is there. */
  readonly commit: readonly Pointer[];
  /** The commit is part of a longer text (an image's tag). */
  readonly commitInText?: boolean;
  readonly environment?: Pointer;
  /** What an item without one belongs to. */
  readonly defaultEnvironment?: string;
  /** The list without the commit's filter, to see what is newer. Default: `request`. */
  readonly others?: ProviderRequest;
  /** When the item was made (ISO date, seconds or milliseconds); default: newest first. */
  readonly created?: Pointer;
  /** The item is the whole document: no second request. */
  readonly whole?: boolean;
}

/** How far it is. Pointers; several are added up. */
export interface ProgressPointers {
  readonly percent?: Pointer;
  readonly done?: Pointer | readonly Pointer[];
  /** Or a known value: `{expect}`. */
  readonly total?: Pointer | Template | readonly Pointer[];
  readonly phase?: Pointer;
  /** Progress by named step. */
  readonly steps?: { readonly at: Pointer; readonly order: readonly string[] };
  /** A request of its own, made while the target runs. */
  readonly request?: ProviderRequest;
}

/** Lines that show why it failed; asked for once, when it has. */
export interface EvidencePointers {
  /** A request of its own; default: the document. */
  readonly request?: ProviderRequest;
  /** The lines, or objects that hold them. */
  readonly lines: Pointer;
  /** In each of them. */
  readonly text?: Pointer;
}

/** How GitHub shows what this provider does with a commit (regular expressions, no case). */
export interface OnGitHub {
  /** Logins that create deployments. */
  readonly creators?: readonly string[];
  /** Check runs: slug of the app and name. */
  readonly checks?: readonly { readonly app: string; readonly name: string }[];
  /** Commit statuses by context. */
  readonly contexts?: readonly string[];
  /** Names of checks of this provider that are not the deploy. */
  readonly ignore?: readonly string[];
  /** Its id in a URL or external id of the item; first group. */
  readonly id?: string;
  /** Links or texts which say that a person must act (plan limit). */
  readonly blocked?: string;
  /** Texts which say that the provider left this commit out, whatever state it shows beside them. */
  readonly skipped?: string;
}

/**
 * A PROVIDER AS DATA: everything needed to watch a service whose state is one JSON document. It is the same in `plugins/`, in a
 * third party's plugin and under `ci_watch.providers` or `ci_watch.index_sync` of a policy (as YAML).
 */
export interface Provider {
  /** kebab-case. */
  readonly name: string;
  /** As people call it. */
  readonly title: string;
  readonly waits: "deploy" | "index-sync";
  /** How this description was checked, for `references/providers.md`. */
  readonly checked: string;
  /** Where it is asked; `env` names a variable that overrules it. Not needed when `request` runs a program. */
  readonly base?: { readonly url: string; readonly env?: string };
  readonly headers?: Readonly<Record<string, Template>>;
  /** Variables of a user name and password, sent as basic authorization when both are set. */
  readonly basic?: { readonly user: string; readonly password: string };
  /** Names of credential variables beside those in `headers`. */
  readonly env?: readonly string[];
  readonly params?: Readonly<Record<string, Parameter>>;
  /** Files that make it likely that this repository uses it, and whether it deploys every branch or the default one. */
  readonly detect?: {
    readonly files: readonly string[];
    readonly content?: string;
    readonly branches: "all" | "default";
  };
  /** Regular expressions of references that mean a target of this provider; named groups become values (`id`). */
  readonly refs?: readonly string[];
  /** What one target is called. Default: the values of the reference. */
  readonly label?: Template;
  readonly onGitHub?: OnGitHub;
  readonly find?: Find;
  /** The document of one target. */
  readonly request: ProviderRequest;
  /** Part of the answer that all pointers start from. */
  readonly root?: Pointer;
  /** Values of the document (from `root`) for later templates. */
  readonly values?: Readonly<Record<string, Pointer>>;
  /** A text here means that the service could not answer (GraphQL `errors`). */
  readonly problem?: Pointer;
  /** What HTTP 404 means. Default: `waiting`, for a target that nobody has seen yet; `unknown` once it was seen. */
  readonly missing?: ProviderStatus;
  /** Where the state stands; several values are joined by `:`. With `*`: the state of the whole is that of its worst part. */
  readonly state?: Pointer | readonly Pointer[];
  /** Values of the state by what they mean. Any other counts as running and is reported once. */
  readonly states?: Partial<Readonly<Record<ProviderStatus, readonly string[]>>>;
  readonly rules?: readonly Rule[];
  /** Without `state`: what it is when no rule holds. Default `running`. */
  readonly otherwise?: ProviderStatus;
  readonly progress?: ProgressPointers;
  /** The provider's own words; the first that is there. */
  readonly reason?: readonly Pointer[];
  /** Its page, for people; values of the document as `{/pointer}`. */
  readonly url?: Template;
  readonly startedAt?: Pointer;
  readonly endedAt?: Pointer;
  readonly evidence?: EvidencePointers;
  /** So many equal looks before success is believed, `confirmS` apart. Default 1. */
  readonly settle?: { readonly looks: number; readonly confirmS?: number };
}
