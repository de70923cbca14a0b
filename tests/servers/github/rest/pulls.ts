import { iso, isoOrNull } from "../clock.ts";
import { repoUrl } from "../graphql/repository.ts";
import type { Pull } from "../pull.ts";
import { mergeState } from "../rules/merge-state.ts";
import { json, notFound, paged, type Reply } from "./reply.ts";
import type { Asked, Route } from "./router.ts";

/** Pull requests and their files, comments and reviews. */
export const pullRoutes: Route[] = [
  ["GET", /^pulls$/, list],
  ["GET", /^pulls\/(\d+)$/, (asked) => one(asked, (pull) => json(view(pull)))],
  ["GET", /^pulls\/(\d+)\/files$/, (asked) => one(asked, (pull) => files(asked, pull))],
  ["GET", /^pulls\/(\d+)\/reviews$/, (asked) => one(asked, (pull) => reviews(asked, pull))],
  ["GET", /^pulls\/(\d+)\/commits$/, (asked) => one(asked, (pull) => commits(asked, pull))],
  ["GET", /^issues\/(\d+)\/reactions$/, (asked) => one(asked, (pull) => reactions(asked, pull))],
];

function list({ repo, url }: Asked): Reply {
  const head = url.searchParams.get("head");
  const state = url.searchParams.get("state") ?? "open";
  const base = url.searchParams.get("base");
  const found = repo
    .shownPulls()
    .filter((pull) => !head || labelOf(pull).toLowerCase() === head.toLowerCase())
    .filter((pull) => !base || pull.base === base)
    .filter((pull) => state === "all" || (pull.state === "OPEN") === (state === "open"))
    .reverse();
  return paged(found, url, (page) => page.map(view));
}

/** Source: docs.github.com/rest/reactions, "List reactions for an issue". */
const CONTENTS = { THUMBS_UP: "+1", THUMBS_DOWN: "-1", LAUGH: "laugh", HOORAY: "hooray" } as Record<string, string>;

function reactions({ url }: Asked, pull: Pull): Reply {
  return paged(pull.reactions, url, (page) =>
    page.map(({ author, content, at }) => ({
      content: CONTENTS[content] ?? content.toLowerCase(),
      created_at: iso(at ?? pull.createdAt),
      user: { login: author, type: author.endsWith("[bot]") ? "Bot" : "User" },
    })),
  );
}

function one({ repo, parts }: Asked, run: (pull: Pull) => Reply): Reply {
  const pull = repo.shownPull(Number(parts[0]));
  return pull ? run(pull) : notFound;
}

/** `owner:branch`, as the `head` of a list is asked for. */
function labelOf(pull: Pull): string {
  return `${pull.headRepository.split("/")[0]}:${pull.branch}`;
}

function view(pull: Pull) {
  const { repo } = pull;
  return {
    number: pull.number,
    title: pull.title,
    body: pull.body,
    draft: pull.draft,
    state: pull.state === "OPEN" ? "open" : "closed",
    merged: pull.state === "MERGED",
    merged_at: pull.state === "MERGED" ? isoOrNull(pull.closedAt) : null,
    closed_at: isoOrNull(pull.closedAt),
    created_at: iso(pull.createdAt),
    user: { login: pull.author },
    author_association: pull.association,
    html_url: `${repoUrl(repo)}/pull/${pull.number}`,
    head: {
      ref: pull.branch,
      sha: pull.shownHead.sha,
      label: labelOf(pull),
      repo: pull.forkDeleted ? null : { full_name: pull.headRepository, fork: pull.fork !== null },
    },
    base: { ref: pull.base, sha: repo.branchSha(pull.base), repo: { full_name: repo.fullName } },
    mergeable: pull.mergeable === "UNKNOWN" ? null : pull.mergeable === "MERGEABLE",
    mergeable_state: mergeState(pull).toLowerCase(),
    labels: pull.labels.map((name) => ({ name })),
    changed_files: pull.files.length,
  };
}

function files({ url }: Asked, pull: Pull): Reply {
  return paged(pull.files, url, (page) =>
    page.map((path) => {
      // A moved file shows both of its names. Source: REST, "List pull requests files", `previous_filename`.
      const [filename, previous_filename] = path.split(" <- ");
      const status = previous_filename === undefined ? "modified" : "renamed";
      return { filename, previous_filename, status, additions: 1, deletions: 1, changes: 2 };
    }),
  );
}

function reviews({ url }: Asked, pull: Pull): Reply {
  return paged(pull.reviews, url, (page) =>
    page.map((review, index) => ({
      id: index + 1,
      state: review.state,
      user: { login: review.author },
      author_association: review.association ?? ((review.canWrite ?? true) ? "MEMBER" : "NONE"),
      body: review.body ?? "",
      commit_id: pull.head.sha,
    })),
  );
}

function commits({ url }: Asked, pull: Pull): Reply {
  return paged(pull.heads, url, (page) =>
    page.map(({ commit }) => ({ sha: commit.sha, commit: { message: commit.message } })),
  );
}
