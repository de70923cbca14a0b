/** The colours of p9's pages, light and dark; bars keep a contrast of 4.5 : 1 to their text in both. */
export const PALETTE = `
:root{color-scheme:light dark;--bg:#fbfbfa;--card:#fff;--ink:#1d2125;--soft:#5a636d;--line:#dfe3e6;--grid:#eceff1;
--green:#1f7a45;--red:#b3261e;--amber:#8a5a00;--grey:#616b75;--open:#2257c5;--work:#6b3fa0;--band:#6b3fa01f;--bar-ink:#fff}
@media(prefers-color-scheme:dark){:root{--bg:#14171a;--card:#1c2024;--ink:#e6e9ec;--soft:#a2abb5;--line:#30363c;--grid:#262b30;
--green:#5fc98b;--red:#ff8a80;--amber:#eab354;--grey:#98a2ad;--open:#86aeff;--work:#c5a3ff;--band:#c5a3ff26;--bar-ink:#101214}}
`;

/** Colours are the only thing that light and dark differ in. */
export const STYLE = `${PALETTE}*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:1100px;margin:0 auto;padding:20px 16px 48px}
h1{font-size:1.5rem;margin:0 0 2px}h2{font-size:1.1rem;margin:32px 0 10px}p{margin:0 0 12px}
.soft{color:var(--soft)}.lead{font-size:1.15rem;margin:14px 0 18px}.lead b{color:var(--work)}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(210px,1fr));gap:10px;margin:0;padding:0;list-style:none}
.cards li{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:10px 12px}
.cards b{display:block;font-size:1.35rem;font-variant-numeric:tabular-nums}.cards span{color:var(--soft);font-size:.85rem}
.legend{display:flex;flex-wrap:wrap;gap:4px 16px;margin:0 0 12px;padding:0;list-style:none;font-size:.85rem;color:var(--soft)}
.legend i{display:inline-block;width:12px;height:12px;border-radius:3px;margin-right:6px;vertical-align:-1px}
figure{margin:0 0 14px;background:var(--card);border:1px solid var(--line);border-radius:10px;padding:10px 12px 6px;overflow-x:auto}
figcaption{font-size:.9rem;margin-bottom:8px;position:sticky;left:0}
.plot{position:relative;min-width:520px}
.row{position:relative;height:26px;margin:2px 0}
.bar{position:absolute;top:0;height:24px;min-width:4px;border-radius:4px;padding:0 6px;overflow:hidden;white-space:nowrap;
text-overflow:ellipsis;font-size:12px;line-height:24px;color:var(--bar-ink)}
.bar:focus{outline:2px solid var(--ink);outline-offset:1px;z-index:2}.bar.slim{padding:0}
.label{font-size:.72rem;letter-spacing:.04em;text-transform:uppercase;color:var(--soft);margin:4px 0 2px;position:relative}
.band{background:var(--band);border-radius:3px}.plot>.band{position:absolute;top:0;bottom:22px}
.axis{position:relative;height:22px;border-top:1px solid var(--line);margin-top:4px;font-size:11px;color:var(--soft)}
.axis span{position:absolute;top:3px;transform:translateX(-50%);white-space:nowrap;font-variant-numeric:tabular-nums}
.tick{position:absolute;top:0;bottom:22px;width:1px;background:var(--grid)}
.green{background:var(--green)}.red{background:var(--red)}.amber{background:var(--amber)}.grey{background:var(--grey)}
.open{background:var(--open)}.work{background:var(--work)}.taken{background:repeating-linear-gradient(135deg,var(--grey) 0 6px,transparent 6px 10px);outline:1px solid var(--grey);outline-offset:-1px;color:inherit}
.scroll{overflow-x:auto;background:var(--card);border:1px solid var(--line);border-radius:10px}
table{border-collapse:collapse;width:100%;font-size:.9rem;font-variant-numeric:tabular-nums}
th,td{padding:7px 12px;text-align:right;border-bottom:1px solid var(--line);white-space:nowrap}
tr:last-child td{border-bottom:0}th{font-weight:600;color:var(--soft);font-size:.8rem}
th:first-child,td:first-child{text-align:left;max-width:46ch;overflow:hidden;text-overflow:ellipsis}
td.text{text-align:left;max-width:40ch;overflow:hidden;text-overflow:ellipsis}
.tone{display:inline-block;width:9px;height:9px;border-radius:50%;margin-right:7px}
details{margin-top:12px}summary{cursor:pointer;color:var(--soft)}details .scroll{margin-top:8px}
footer{margin-top:36px;color:var(--soft);font-size:.85rem}
@media(max-width:560px){main{padding:14px 12px 36px}h1{font-size:1.3rem}.cards{grid-template-columns:repeat(2,1fr)}th,td{padding:6px 7px}
table{font-size:.82rem}th:first-child,td:first-child{max-width:17ch}}
@media print{figure{break-inside:avoid}}
`;
