import { createHash } from "node:crypto";
import { amountDone, shortTimeLeft } from "../../../../base/how-far.ts";
import { PALETTE } from "../../../../stats/page-style.ts";
import { domTools } from "./dom.js";
import { rowViews } from "./rows.js";
import { startBoard } from "./start.js";
import { BOARD_STYLE } from "./style.ts";
import { timeWords } from "./times.js";

/** A page and the policy that it is to be sent with. */
export interface ServedPage {
  readonly html: string;
  readonly policy: string;
}

/** The page's program: each part is a function by itself, so that its own text runs in the browser. */
const SCRIPT = `"use strict";{const dom=(${domTools})(),times=(${timeWords})(${shortTimeLeft}),rows=(${rowViews})(dom,times,${amountDone});(${startBoard})(dom,times,rows)}`;
const STYLE = `${PALETTE}${BOARD_STYLE}`;

/** Nothing but this very script and style runs; nothing is asked of another server; text cannot become markup. */
const POLICY = [
  "default-src 'none'",
  `script-src '${hashOf(SCRIPT)}'`,
  `style-src '${hashOf(STYLE)}'`,
  "connect-src 'self'",
  "frame-src 'self'",
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

/** A tab that was open before has the token still; for any other the words stand. */
const COME_BACK = `"use strict";{let t=null;try{t=sessionStorage.getItem("p9-token")}catch{}if(t)location.replace("/?token="+encodeURIComponent(t))}`;

const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect width='16' height='16' rx='4' fill='%232257c5'/%3E%3Cpath d='M4.5 8.5l2.3 2.3 4.7-5.3' fill='none' stroke='%23fff' stroke-width='1.8' stroke-linecap='round' stroke-linejoin='round'/%3E%3C/svg%3E";

const HEAD = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer"><meta name="robots" content="noindex">`;

/** The board: all that it shows comes later, as events. */
export const BOARD: ServedPage = {
  policy: POLICY,
  html: `${HEAD}
<link rel="icon" href="${ICON}"><title>p9 board</title><style>${STYLE}</style></head>
<body>
<header><div class="bar"><h1><b>p9</b> board</h1><ul id="counts" aria-label="In short"></ul>
<span id="link" data-state="opening"><i aria-hidden="true"></i><span id="link-word" role="status">connecting</span><span id="link-when"></span></span>
<div class="right"><input id="filter" type="search" placeholder="Filter  /" aria-label="Filter by words" autocomplete="off" spellcheck="false">
<button id="help-button" class="key" type="button" aria-label="Keys" title="Keys (?)">?</button></div></div></header>
<div class="wrap"><div id="notice" role="alert" hidden></div></div>
<p id="said" class="sr" role="status" aria-live="polite"></p>
<main id="main" hidden><div id="left"></div><div id="side"></div>
<section id="saved" aria-label="Time saved"><iframe id="picture" title="Picture of the time that was waited and worked" loading="lazy" sandbox="allow-same-origin"></iframe></section></main>
<dialog id="help" aria-labelledby="help-title"><h2 id="help-title">Keys</h2><dl>
<dt><kbd>j</kbd> <kbd>k</kbd> <kbd>↓</kbd> <kbd>↑</kbd></dt><dd>next, previous</dd>
<dt><kbd>g</kbd> <kbd>G</kbd></dt><dd>first, last</dd>
<dt><kbd>Enter</kbd></dt><dd>details, and back</dd>
<dt><kbd>o</kbd></dt><dd>open what is selected in a new tab</dd>
<dt><kbd>d</kbd></dt><dd>dismiss what ended (asks first)</dd>
<dt><kbd>/</kbd></dt><dd>filter by words; Esc ends it</dd>
<dt><kbd>Esc</kbd></dt><dd>close</dd>
<dt><kbd>?</kbd></dt><dd>this</dd></dl><button id="help-close" class="act" type="button">Close</button></dialog>
<noscript><p class="wrap">The board draws itself with a script of its own; p9 status says the same in the terminal.</p></noscript>
<script>${SCRIPT}</script></body></html>
`,
};

/** What stands where the token is missing; a page that is loaded again finds its token and goes on. */
export function refusedPage(words: string): ServedPage {
  return {
    policy: `default-src 'none'; script-src '${hashOf(COME_BACK)}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    html: `${HEAD}<title>p9 board</title></head><body><p>${words}</p><script>${COME_BACK}</script></body></html>\n`,
  };
}

function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
