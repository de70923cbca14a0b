/**
 * Listens to p9 and draws. Runs in the browser, by its own text.
 * @param {ReturnType<typeof import("./dom.js").domTools>} dom
 * @param {ReturnType<typeof import("./times.js").timeWords>} times
 * @param {ReturnType<typeof import("./rows.js").rowViews>} rows
 */
export function startBoard(dom, times, rows) {
  /** @typedef {import("../../../../show/situation.ts").Situation} Situation */
  /** @typedef {import("../../../../show/shown-wait.ts").ShownWait} Wait */
  /** @typedef {ReturnType<typeof rows.waitRow>} Row */
  /** @typedef {ReturnType<typeof rows.rowView>} View */
  /** @typedef {"opening" | "live" | "late" | "lost" | "ended" | "refused"} Link */

  const { make, write, mark, link, arrange, byId } = dom;
  /** A page that heard nothing for so long says so; p9 sends something every five seconds. */
  const LATE_MS = 20_000;
  /** More rows of these sections are shown when they are asked for. */
  const SHOWN = 12;
  /** The picture reads the whole log: it is drawn anew after an ending, at most so often. */
  const PICTURE_MS = 60_000;

  const token = takeToken();
  /** @type {Situation | null} */
  let situation = null;
  /** @type {Link} */
  let state = "opening";
  let heardAt = Date.now();
  /** When what is shown was true last. */
  let trueAt = 0;
  let trouble = "";
  let pictureAt = Number.NEGATIVE_INFINITY;
  /** @type {Map<string, View>} */
  const views = new Map();
  /** Sections that are shown whole. @type {Set<string>} */
  const whole = new Set();
  const filter = /** @type {HTMLInputElement} */ (byId("filter"));
  const help = /** @type {HTMLDialogElement} */ (byId("help"));
  const picture = /** @type {HTMLIFrameElement} */ (byId("picture"));
  const sections = [
    section("left", "Needs somebody", (now) => now.waits.filter(rows.needsSomebody).map(rows.waitRow)),
    section("left", "Waiting", (now) => now.waits.filter(({ live }) => live).map(rows.waitRow)),
    section("left", "Ready to merge", (now) => now.ready.map(rows.waitRow)),
    section("left", "Ended well", (now) => endedWell(now).map(rows.waitRow), SHOWN),
    section("side", "Work in the queue", (now) => now.queue.map(rows.itemRow), SHOWN),
    section("side", "Told", (now) => toldRows(now), SHOWN),
  ];

  listen();
  addEventListener("keydown", pressed);
  filter.addEventListener("input", draw);
  byId("help-button").addEventListener("click", () => help.showModal());
  byId("help-close").addEventListener("click", () => help.close());
  picture.addEventListener("load", fitPicture);
  addEventListener("resize", fitPicture);
  setInterval(tick, 1000);
  document.addEventListener("visibilitychange", tick);

  /** The token leaves the address bar, and stays with this tab for when it is loaded again. */
  function takeToken() {
    const given = new URLSearchParams(location.search).get("token") ?? "";
    try {
      sessionStorage.setItem("p9-token", given);
      history.replaceState(null, "", "/");
    } catch {
      // A browser that keeps nothing: the address stays as it is, so that it can be loaded again.
    }
    return given;
  }

  /** @param {string} path */
  function addressOf(path) {
    return `${path}?token=${encodeURIComponent(token)}`;
  }

  function listen() {
    const source = new EventSource(addressOf("/events"));
    const heard = () => {
      heardAt = Date.now();
    };
    source.addEventListener("open", heard);
    source.addEventListener("situation", ({ data }) => {
      heard();
      const before = situation;
      situation = /** @type {Situation} */ (JSON.parse(data));
      draw();
      if (before) sayEndings(before, situation);
    });
    source.addEventListener("beat", ({ data }) => {
      heard();
      trueAt = Date.parse(JSON.parse(data).at);
      trouble = "";
      setState("live");
    });
    source.addEventListener("trouble", ({ data }) => {
      heard();
      trouble = JSON.parse(data).text;
      setState("live");
    });
    source.addEventListener("end", () => {
      source.close();
      setState("ended");
    });
    source.addEventListener("error", () => {
      if (state !== "ended") setState(source.readyState === EventSource.CLOSED ? "refused" : "lost");
    });
  }

  /** @param {Link} next */
  function setState(next) {
    state = next;
    drawLink();
  }

  function drawLink() {
    const late = state === "live" && Date.now() - heardAt > LATE_MS;
    const shown = late ? "late" : trouble !== "" && state === "live" ? "lost" : state;
    mark(byId("link"), "data-state", shown);
    const word = {
      opening: "connecting",
      live: "live",
      late: "no answer",
      lost: "connection lost",
      ended: "p9 board ended",
      refused: "refused",
    }[shown];
    write(byId("link-word"), trouble !== "" && state === "live" ? "cannot read" : word);
    const since = trueAt === 0 ? "" : `as of ${times.clock(trueAt)}`;
    write(byId("link-when"), shown === "live" ? "" : since);
    const trueText = trueAt === 0 ? "" : ` What is shown was true at ${times.clock(trueAt)}.`;
    const notices = {
      lost: `The connection to p9 is lost; this page tries again by itself.${trueText}`,
      late: `p9 board does not answer: it was stopped, or the machine is busy.${trueText}`,
      ended: `p9 board has ended: start it again and open its new address.${trueText}`,
      refused: `p9 board does not let this page in any more: open the address that was printed last.${trueText}`,
    };
    const text =
      trouble !== "" && state === "live"
        ? `p9 cannot read its state: ${trouble}.${trueText}`
        : (notices[/** @type {keyof typeof notices} */ (shown)] ?? "");
    const notice = byId("notice");
    notice.hidden = text === "";
    mark(notice, "data-tone", shown === "ended" || shown === "refused" ? "bad" : "warn");
    write(notice, text);
  }

  /**
   * @param {"left" | "side"} place
   * @param {string} title
   * @param {(now: Situation) => readonly Row[]} rowsOf
   * @param {number} [limit]
   */
  function section(place, title, rowsOf, limit = Number.POSITIVE_INFINITY) {
    const id = title.toLowerCase().replaceAll(" ", "-");
    const count = make("span", "count");
    const heading = make("h2", "", title, count);
    heading.id = id;
    const list = make("ul", "list");
    const more = make("button", "more");
    more.type = "button";
    const node = make("section", "", heading, list, more);
    mark(node, "aria-labelledby", id);
    node.hidden = true;
    byId(place).append(node);
    more.addEventListener("click", () => {
      whole.add(title);
      draw();
    });

    /** @param {Situation} now @param {string} wanted */
    return (now, wanted) => {
      const all = rowsOf(now).filter(({ words }) => words.toLowerCase().includes(wanted));
      const most = whole.has(title) || wanted !== "" ? all.length : limit;
      const found = all.slice(0, most).map(viewOf);
      arrange(
        list,
        found.map(({ item }) => item),
      );
      write(count, String(all.length));
      more.hidden = all.length <= most;
      write(more, `Show all ${all.length}`);
      node.hidden = all.length === 0;
      return found;
    };
  }

  /** @param {Row} row */
  function viewOf(row) {
    let view = views.get(row.key);
    if (!view) {
      view = rows.rowView(acts);
      if (situation && trueAt !== 0) view.item.classList.add("fresh");
      views.set(row.key, view);
    }
    view.draw(row);
    return view;
  }

  function draw() {
    if (!situation) return;
    const [focused, at] = [document.activeElement, focusedRow()];
    const wanted = filter.value.trim().toLowerCase();
    const now = situation;
    const shown = new Set(sections.flatMap((each) => each(now, wanted)));
    for (const [key, view] of views) if (!shown.has(view)) views.delete(key);
    // A row that moved to another section lost the focus on its way; after one that is gone, the next row has it.
    if (focused instanceof HTMLElement && focused !== document.activeElement) {
      const next = focused.isConnected
        ? focused
        : summaries()
            .slice(0, at + 1)
            .at(-1);
      next?.focus({ preventScroll: true });
    }
    byId("main").hidden = false;
    byId("main").classList.toggle(
      "alone",
      [...byId("side").children].every((node) => node instanceof HTMLElement && node.hidden),
    );
    drawEmpty(shown.size === 0, wanted);
    drawCounts(now);
    if (pictureAt === Number.NEGATIVE_INFINITY) drawPicture();
  }

  /** What a home without anything in it shows, and a filter that nothing passes. @param {boolean} isEmpty @param {string} wanted */
  function drawEmpty(isEmpty, wanted) {
    document.getElementById("empty")?.remove();
    if (!isEmpty) return;
    const commands = [
      ["p9 watch", "watches the pull request of the branch that you are on"],
      ["p9 watch 42", "watches pull request #42 of this repository"],
      ["p9 watch build -- npm test", "runs and watches a build"],
      ["p9 init", "sets Claude Code up: its pushes are watched by themselves"],
    ];
    const box = make("div");
    box.id = "empty";
    if (wanted !== "")
      box.append(make("h2", "", "Nothing holds these words"), make("p", "soft", "Esc ends the filter."));
    else {
      const list = make(
        "dl",
        "",
        ...commands.flatMap(([text, does]) => [
          make("dt", "", make("code", "", text ?? "")),
          make("dd", "", does ?? ""),
        ]),
      );
      box.append(
        make("h2", "", "Nothing is waited for"),
        make("p", "soft", "And nothing is in the queue. What you start now appears here by itself:"),
        list,
      );
    }
    byId("left").append(box);
  }

  /** @param {Situation} now */
  function drawCounts(now) {
    const live = now.waits.filter((wait) => wait.live).length;
    const needs = now.waits.filter(rows.needsSomebody).length;
    const ready = now.ready.length;
    /** @type {readonly [number, string, string][]} */
    const counts = [
      [needs, needs === 1 ? "needs somebody" : "need somebody", "bad"],
      [live, "waiting", ""],
      [ready, "ready", "good"],
      [now.queue.length, "in the queue", ""],
    ];
    const shown = counts.filter(([count, word]) => count > 0 || word === "waiting");
    byId("counts").replaceChildren(
      ...shown.map(([count, word, tone]) => make("li", tone, make("b", "", String(count)), ` ${word}`)),
    );
    const words = [
      needs > 0 ? `${needs} ${needs === 1 ? "needs" : "need"} you` : "",
      ready > 0 ? `${ready} ready` : "",
      live > 0 ? `${live} waiting` : "",
    ];
    document.title = [words.filter(Boolean).join(", "), "p9 board"].filter(Boolean).join(" · ");
  }

  /** What ended and needs nobody. @param {Situation} now */
  function endedWell({ waits }) {
    return waits.filter((wait) => !wait.live && !rows.needsSomebody(wait));
  }

  /** @param {Situation} now @returns {readonly Row[]} */
  function toldRows({ waits, ready, told, untold }) {
    const byWait = new Map([...waits, ...ready].map((wait) => [wait.wait_id, wait]));
    const seen = new Map();
    const lines = told.map((one) => {
      // Rows of one second to one receiver are told apart by their number from the oldest on.
      const same = `${one.ts} ${one.to} ${one.wait_id} ${one.what}`;
      seen.set(same, (seen.get(same) ?? 0) + 1);
      return rows.toldRow(one, byWait.get(one.wait_id ?? "") ?? null, seen.get(same));
    });
    return [...untold.map(rows.untoldRow), ...lines];
  }

  /** Says to those who do not see the page what ended. @param {Situation} before @param {Situation} now */
  function sayEndings(before, now) {
    const ran = new Map([...before.waits, ...before.ready].map((wait) => [wait.wait_id, wait]));
    const ended = [...now.waits, ...now.ready].filter(
      (wait) => !wait.live && ran.get(wait.wait_id)?.since !== wait.since,
    );
    if (ended.length === 0) return;
    write(
      byId("said"),
      ended
        .map((wait) => `${wait.name}: ${rows.stateOf(wait).word}. ${rows.needsSomebody(wait) ? wait.move.what : ""}`)
        .join(" "),
    );
    if (Date.now() - pictureAt > PICTURE_MS) drawPicture();
  }

  function drawPicture() {
    pictureAt = Date.now();
    picture.src = addressOf("/picture");
  }

  /** As high as it is; a picture of nothing takes no room. */
  function fitPicture() {
    const page = picture.contentDocument;
    // A window can change its size while the picture is loading: then its document has no element yet, and "load" follows.
    if (!page?.documentElement || page.URL === "about:blank") return;
    byId("saved").classList.toggle("none", page.querySelector("figure") === null);
    picture.style.height = `${page.documentElement.offsetHeight + 2}px`;
  }

  /** What can be done about a row. @param {Row} row */
  function acts({ wait, url }) {
    /** @type {Node[]} */
    const found = [];
    const open = link(url, "Open", "act main");
    if (open) found.push(open);
    const next = wait?.next;
    if (next) found.push(button("Copy next action", (self) => copy(next, self)));
    if (wait && !wait.live) found.push(dismissButton(wait));
    return found;
  }

  /** @param {string} text @param {(self: HTMLButtonElement) => void} act */
  function button(text, act) {
    const node = make("button", "act", text);
    node.type = "button";
    node.addEventListener("click", () => act(node));
    return node;
  }

  /** @param {string} text @param {HTMLButtonElement} self */
  async function copy(text, self) {
    try {
      await navigator.clipboard.writeText(text);
      self.textContent = "Copied";
    } catch {
      self.textContent = "Cannot copy here";
    }
    setTimeout(() => {
      self.textContent = "Copy next action";
    }, 2000);
  }

  /** Asks first. @param {Wait} wait */
  function dismissButton(wait) {
    let stage = "first";
    // It is not disabled meanwhile, for it would lose the focus.
    const node = button("Dismiss", async (self) => {
      if (stage === "first") {
        stage = "asked";
        self.textContent = "Press again to dismiss";
        setTimeout(() => {
          if (stage !== "asked") return;
          stage = "first";
          self.textContent = "Dismiss";
        }, 4000);
      } else if (stage === "asked") {
        stage = "sent";
        const said = await dismiss(wait);
        stage = said.ok ? "sent" : "first";
        write(byId("said"), said.text);
        self.textContent = said.ok ? "Dismissed" : said.text;
      }
    });
    node.dataset.act = "dismiss";
    return node;
  }

  /** @param {Wait} wait */
  async function dismiss({ wait_id }) {
    try {
      const headers = { Authorization: `Bearer ${token}` };
      const answer = await fetch(`/dismiss?wait=${encodeURIComponent(wait_id)}`, { method: "POST", headers });
      return { ok: answer.ok, text: (await answer.text()).trim() };
    } catch {
      return { ok: false, text: "p9 board does not answer" };
    }
  }

  /** Every row that is seen, from above. */
  function summaries() {
    return [...document.querySelectorAll("main summary")].filter((node) => node instanceof HTMLElement);
  }

  /** The number of the row that has the focus, or -1. */
  function focusedRow() {
    return summaries().findIndex((node) => node.parentElement?.contains(document.activeElement));
  }

  /** @param {KeyboardEvent} event */
  function pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || help.open) return;
    const inFilter = event.target === filter;
    if (event.key === "Escape") return leave(inFilter);
    if (inFilter) {
      if (event.key === "Enter" || event.key === "ArrowDown") step(event, 0, "first");
      return;
    }
    switch (event.key) {
      case "j":
      case "ArrowDown":
        return step(event, 1);
      case "k":
      case "ArrowUp":
        return step(event, -1);
      case "g":
        return step(event, 0, "first");
      case "G":
        return step(event, 0, "last");
      case "/":
        event.preventDefault();
        return filter.focus();
      case "?":
        event.preventDefault();
        return help.showModal();
      case "o":
        return openCurrent();
      case "d":
        return pressDismiss();
    }
  }

  /** @param {KeyboardEvent} event @param {number} by @param {"first" | "last"} [end] */
  function step(event, by, end) {
    const all = summaries();
    if (all.length === 0) return;
    event.preventDefault();
    const [at, last] = [focusedRow(), all.length - 1];
    const next = at < 0 ? 0 : Math.min(last, Math.max(0, at + by));
    const to = end === undefined ? next : end === "first" ? 0 : last;
    all[to]?.focus();
    all[to]?.scrollIntoView({ block: "nearest" });
  }

  /** The row that has the focus. */
  function current() {
    return [...views.values()].find(({ details }) => details.contains(document.activeElement)) ?? null;
  }

  function openCurrent() {
    const anchor = link(current()?.row()?.url, "");
    anchor?.click();
  }

  function pressDismiss() {
    const view = current();
    const wait = view?.row()?.wait;
    if (!view || !wait || wait.live) return;
    view.details.open = true;
    view.tick();
    const node = view.details.querySelector("[data-act=dismiss]");
    if (node instanceof HTMLElement) {
      node.focus();
      node.click();
    }
  }

  /** @param {boolean} inFilter */
  function leave(inFilter) {
    const view = current();
    if (view?.details.open) {
      view.details.open = false;
      view.summary.focus();
    } else if (filter.value !== "" || inFilter) {
      filter.value = "";
      filter.blur();
      draw();
    }
  }

  /** What depends on the time alone. */
  function tick() {
    if (document.hidden) return;
    for (const view of views.values()) view.tick();
    drawLink();
  }
}
