/**
 * The rows of the board and their details. Runs in the browser, by its own text.
 * @param {ReturnType<typeof import("./dom.js").domTools>} dom
 * @param {ReturnType<typeof import("./times.js").timeWords>} times
 * @param {typeof import("../../../../base/how-far.ts").amountDone} amountDone
 */
export function rowViews(dom, times, amountDone) {
  /** @typedef {import("../../../../show/shown-wait.ts").ShownWait} Wait */
  /** @typedef {import("../../../../show/queued-work.ts").ShownItem} Item */
  /** @typedef {import("../../../../show/told.ts").ShownTold} Told */
  /** @typedef {import("../../../../show/told.ts").Untold} Untold */
  /** @typedef {{ tone: string, mark: string, word: string }} State */
  /** @typedef {readonly (readonly [string, string | Node])[]} Facts */
  /**
   * What a row shows; `times` are drawn anew each second.
   * @typedef {object} Row
   * @property {string} key
   * @property {"wait" | "small"} shape
   * @property {State} state
   * @property {string} name
   * @property {string} title
   * @property {Wait["progress"]} progress
   * @property {string} who
   * @property {string} says
   * @property {() => string} when
   * @property {string} words What a filter looks at.
   * @property {Wait | null} wait
   * @property {string | null} url
   * @property {() => Facts} facts
   */

  const { make, outside, write, mark, link, arrange } = dom;
  const { ago, left, when } = times;

  /** @type {Readonly<Record<Wait["move"]["who"], string>>} */
  const WHO = { target: "what is watched", p9: "p9", you: "you", others: "somebody else", nobody: "nobody" };

  /** Tone, sign and word: no colour says anything alone. @param {Wait} wait @returns {State} */
  function stateOf({ state, alive, move }) {
    if (state === "PUSHED")
      return move.who === "p9"
        ? { tone: "soft", mark: "·", word: "queued" }
        : { tone: "soft", mark: "·", word: "expected" };
    if (state === "WATCHING")
      return alive ? { tone: "move", mark: "○", word: "watching" } : { tone: "warn", mark: "!", word: "unwatched" };
    if (state === "HEALING") return { tone: "move", mark: "↻", word: "healing" };
    if (state === "GREEN") return { tone: "good", mark: "✓", word: "green" };
    if (state === "MERGE_READY") return { tone: "good", mark: "✓", word: "ready" };
    if (state === "ESCALATED") return { tone: "bad", mark: "✗", word: "escalated" };
    return { tone: "bad", mark: "✗", word: state.startsWith("RED") ? "red" : state.toLowerCase() };
  }

  /** Whether an ending needs somebody; one that went well only has a next step. @param {Wait} wait */
  const needsSomebody = ({ live, state, move }) =>
    !live && state !== "GREEN" && (move.who === "you" || move.who === "others");

  /** `2/6 (33%)`. @param {Wait["progress"]} progress */
  function progressText(progress) {
    if (!progress) return "";
    return [amountDone(progress), progress.phase ?? ""].filter(Boolean).join(", ");
  }

  /** Whose move it is, and what they have to do. @param {Wait} wait @returns {[string, string]} */
  function movesOf({ move, missing, error, reason, live }) {
    if (error !== null) return ["p9", `cannot look: ${error}`];
    switch (move.who) {
      case "you":
        return ["you", move.what];
      case "p9":
        return ["p9", missing[0]?.startsWith("queued") ? missing[0] : move.what];
      case "others":
        return ["", reason || move.what];
      case "target":
        return ["", missing.length > 0 ? `waits for ${missing.join(", ")}` : reason || move.what];
      default:
        return ["", reason || (live ? "" : move.what)];
    }
  }

  /** @param {Wait} wait @returns {Row} */
  function waitRow(wait) {
    const state = stateOf(wait);
    const [who, says] = movesOf(wait);
    return {
      key: `wait ${wait.wait_id}`,
      shape: "wait",
      state,
      name: wait.name,
      title: wait.title ?? "",
      progress: wait.live ? wait.progress : null,
      who,
      says,
      when: () =>
        !wait.live
          ? ago(wait.since)
          : wait.expected_at
            ? left(wait.expected_at)
            : `for ${ago(wait.since).replace(/ ago$/, "")}`,
      words: [wait.name, wait.title, wait.state, state.word, wait.wait_id, wait.reason, says, wait.kind].join(" "),
      wait,
      url: wait.url,
      facts: () => waitFacts(wait, state),
    };
  }

  /** @param {Wait} wait @param {State} state @returns {Facts} */
  function waitFacts(wait, state) {
    const outcome = wait.outcome === null || wait.outcome === "succeeded" ? "" : ` (${wait.outcome})`;
    return [
      ["title", wait.title ?? ""],
      ["state", `${state.word}${outcome}${wait.state.toLowerCase() === state.word ? "" : `, ${wait.state}`}`],
      ["progress", progressText(wait.progress)],
      [
        "expected end",
        wait.expected_at ? `${times.clock(wait.expected_at)} local time (${left(wait.expected_at)})` : "",
      ],
      ["whose move", WHO[wait.move.who] + (wait.move.what === wait.next ? "" : `: ${wait.move.what}`)],
      ["missing", wait.missing.join(", ")],
      ["next", /^(p9|gh|git) /.test(wait.next ?? "") ? command(wait.next) : (wait.next ?? "")],
      ["reason", wait.reason],
      ["cannot look", wait.error ?? ""],
      [wait.live ? "since" : "ended", when(wait.since)],
      ["last look", when(wait.last_look)],
      ["commit", command(wait.sha?.slice(0, 12) ?? null)],
      ["address", link(wait.url, wait.url ?? "") ?? ""],
      ["log", command(wait.log)],
      ["directory", command(wait.cwd)],
      ["session", wait.session_id],
      ["wait", command(wait.wait_id)],
    ];
  }

  /** @param {Item} item @returns {Row} */
  function itemRow(item) {
    const { lease, after, created_at, minutes } = item;
    const state = lease
      ? { tone: "move", mark: "◐", word: "taken" }
      : item.status === "available"
        ? { tone: "plain", mark: "○", word: "available" }
        : { tone: "soft", mark: "·", word: item.status };
    return {
      key: `item ${item.id}`,
      shape: "small",
      state,
      name: item.item,
      title: "",
      progress: null,
      who: "",
      says: lease
        ? `by session ${lease.session_id}`
        : (after ?? (minutes === null ? item.source : `${item.source}, takes ${minutes} min`)),
      when: () => (lease ? left(lease.until) : ago(created_at)),
      words: [item.item, item.source, item.status, state.word, item.id].join(" "),
      wait: null,
      url: null,
      facts: () => [
        ["work", item.item],
        ["status", item.status],
        ["taken by", lease ? `${lease.session_id} until ${times.clock(lease.until)} local time` : ""],
        ["source", item.source],
        ["tier", item.isolation_tier],
        ["takes", minutes === null ? "" : `${minutes} min`],
        ["belongs to", item.pr === null ? "" : `PR #${item.pr}${item.repo ? ` (${item.repo})` : ""}`],
        ["after", after ?? ""],
        ["entered", when(created_at)],
        ["session", item.session_id ?? "any"],
        ["item", command(item.id)],
      ],
    };
  }

  /** @param {Told} told @param {Wait | null} wait @param {number} at @returns {Row} */
  function toldRow(told, wait, at) {
    const what = told.what ?? wait?.name ?? told.wait_id ?? "an ending";
    const to = told.via === "session" ? `session ${told.to}` : told.to;
    return {
      key: `told ${told.ts} ${told.to} ${told.wait_id} ${told.what} ${at}`,
      shape: "small",
      state: told.ok ? { tone: "soft", mark: "→", word: "told" } : { tone: "bad", mark: "✗", word: "failed" },
      name: what,
      title: "",
      progress: null,
      who: "",
      says: told.error === null ? to : `${to}: ${told.error}`,
      when: () => ago(told.ts),
      words: [what, to, told.error].join(" "),
      wait: null,
      url: wait?.url ?? null,
      facts: () => [
        ["what", what],
        ["told", when(told.ts)],
        [told.via, told.to],
        ["failed", told.error ?? (told.ok ? "" : "yes")],
        ["wait", command(told.wait_id)],
      ],
    };
  }

  /** @param {Untold} untold @returns {Row} */
  function untoldRow(untold) {
    const count = untold.endings === 1 ? "1 ending" : `${untold.endings} endings`;
    return {
      key: `untold ${untold.client}`,
      shape: "small",
      state: { tone: "warn", mark: "!", word: "untold" },
      name: `${count} for session ${untold.client}`,
      title: "",
      progress: null,
      who: "",
      says: `hears of them when it works again, in ${untold.root}`,
      when: () => ago(untold.since),
      words: [count, untold.client, untold.root].join(" "),
      wait: null,
      url: null,
      facts: () => [
        ["oldest", when(untold.since)],
        ["client", untold.client],
        ["session", untold.session_id],
        ["directory", command(untold.root)],
      ],
    };
  }

  /** Something to be typed. @param {string | null | undefined} text */
  function command(text) {
    return text ? make("code", "", outside(text)) : "";
  }

  /**
   * One row of the page, which is drawn again and again.
   * @param {(row: Row) => readonly Node[]} actsOf
   */
  function rowView(actsOf) {
    const chip = make("span", "chip");
    const [nameText, titleText] = [make("bdi", "out"), make("bdi", "title out")];
    nameText.dir = titleText.dir = "auto";
    const name = make("span", "name", make("b", "", nameText), titleText);
    const fill = make("i");
    const track = make("span", "track", fill);
    track.role = "progressbar";
    const amount = make("span", "amount");
    const meter = make("span", "meter", track, amount);
    const [who, saysText] = [make("span", "who"), make("bdi", "out")];
    saysText.dir = "auto";
    const says = make("span", "says", who, saysText);
    const time = make("span", "when");
    const summary = make("summary", "", chip, " ", name, " ", meter, " ", says, " ", time);
    const body = make("div", "body");
    const details = make("details", "row", summary, body);
    const item = make("li", "", details);
    /** @type {Row | null} */
    let shown = null;
    let drawn = "";
    /** The elements of the facts by their label. @type {Map<string, [HTMLElement, HTMLElement]>} */
    const facts = new Map();
    const [list, parts, proof, acts] = [make("dl"), make("div"), make("div"), make("div", "acts")];
    body.append(list, parts, proof, acts);
    let [partsDrawn, proofDrawn, actsDrawn] = ["", "", ""];

    details.addEventListener("toggle", () => {
      if (shown) drawBody(shown);
    });

    /** @param {Row} row */
    function draw(row) {
      shown = row;
      const { state, progress } = row;
      const look = JSON.stringify([state, row.name, row.title, progress, row.who, row.says]);
      if (look !== drawn) {
        drawn = look;
        details.className = `row ${row.shape} tone-${state.tone}`;
        write(chip, state.word);
        mark(chip, "data-mark", state.mark);
        write(nameText, row.name);
        write(titleText, row.title);
        mark(name, "title", row.title ? `${row.name}  ${row.title}` : row.name);
        write(who, row.who ? `${row.who}${row.says ? ": " : ""}` : "");
        write(saysText, row.says);
        says.className = row.who === "you" ? "says you" : "says";
        says.hidden = row.who === "" && row.says === "";
        mark(says, "title", row.says);
        const percent = progress?.percent ?? null;
        const text = progressText(progress);
        meter.hidden = text === "";
        track.hidden = percent === null;
        if (percent !== null) {
          fill.style.width = `${Math.min(100, Math.max(0, percent))}%`;
          mark(track, "aria-valuenow", String(Math.round(percent)));
          mark(track, "aria-label", "Progress");
        }
        write(amount, text);
      }
      tick();
    }

    /** Draws what depends on the time. */
    function tick() {
      if (!shown) return;
      write(time, shown.when());
      if (details.open) drawBody(shown);
    }

    /** @param {Row} row */
    function drawBody(row) {
      if (!details.open) return;
      drawFacts(row.facts());
      const { items = [], evidence = [] } = row.wait ?? {};
      const [partsText, proofText] = [JSON.stringify(items), JSON.stringify(evidence)];
      if (partsText !== partsDrawn) drawParts(parts, items);
      if (proofText !== proofDrawn) drawProof(proof, evidence);
      [partsDrawn, proofDrawn] = [partsText, proofText];
      const actsText = JSON.stringify([row.url, row.wait?.next, row.wait?.live]);
      if (actsText !== actsDrawn) acts.replaceChildren(...actsOf(row));
      actsDrawn = actsText;
    }

    /** Only what differs is drawn, so that text can be selected meanwhile. @param {Facts} wanted */
    function drawFacts(wanted) {
      const nodes = wanted.flatMap(([label, value]) => {
        const text = typeof value === "string" ? value : (value.textContent ?? "");
        if (text === "") return [];
        const [term, told] = facts.get(label) ?? [make("dt", "", label), make("dd")];
        facts.set(label, [term, told]);
        if (told.textContent !== text) told.replaceChildren(typeof value === "string" ? outside(value) : value);
        return [term, told];
      });
      arrange(list, nodes);
    }

    return { item, details, summary, draw, tick, row: () => shown };
  }

  /** @type {Readonly<Record<string, readonly [string, string]>>} */
  const PART = {
    queued: ["· queued", ""],
    running: ["○ running", "move"],
    succeeded: ["✓ succeeded", "good"],
    failed: ["✗ failed", "bad"],
    cancelled: ["✗ cancelled", "bad"],
    skipped: ["– skipped", ""],
    blocked: ["! blocked", "warn"],
    neutral: ["– neutral", ""],
    unknown: ["? unknown", "warn"],
  };

  /** @param {Element} place @param {Wait["items"]} items */
  function drawParts(place, items) {
    const lines = items.map(({ name, state, required, detail, url }) => {
      const [word, tone] = PART[state] ?? ["? unknown", "warn"];
      const notes = [required === false ? "optional" : "", detail ?? ""].filter(Boolean).join(", ");
      const text = make("span", "out", link(url, name) ?? outside(name));
      if (notes !== "") text.append(" ", make("span", "soft", outside(notes)));
      return make("li", "", make("span", `mark ${tone}`, word), text);
    });
    place.replaceChildren(...(lines.length > 0 ? [make("h3", "", "Its parts"), make("ul", "parts", ...lines)] : []));
  }

  /** @param {Element} place @param {Wait["evidence"]} evidence */
  function drawProof(place, evidence) {
    const lines = evidence.map(({ job, step, file, line, text, url }) => {
      const where = [job, step, file && (line === null ? file : `${file}:${line}`)].filter(Boolean).join(" › ");
      const head = make("span", "soft", link(url, where || url) ?? outside(where));
      return make("li", "", head, make("pre", "", outside(text)));
    });
    const title = make("h3", "", "What shows why it failed");
    place.replaceChildren(...(lines.length > 0 ? [title, make("ul", "proof", ...lines)] : []));
  }

  return { waitRow, itemRow, toldRow, untoldRow, rowView, needsSomebody, stateOf };
}
