/** How the board looks, over the palette of all pages. One accent, for what can be pressed and for what moves. */
export const BOARD_STYLE = `
:root{--accent:var(--open);--hover:color-mix(in srgb,var(--accent) 7%,var(--card));--mono:ui-monospace,"SF Mono","Cascadia Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace}
*{box-sizing:border-box}
[hidden]{display:none!important}
html{scroll-padding-top:72px}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
button,input{font:inherit;color:inherit}
a{color:var(--accent);text-underline-offset:2px}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:4px}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.soft{color:var(--soft)}
.out{unicode-bidi:isolate;overflow-wrap:anywhere}

header{position:sticky;top:0;z-index:3;background:var(--bg);border-bottom:1px solid var(--line)}
.bar{display:flex;align-items:center;gap:6px 16px;max-width:1680px;margin:0 auto;padding:10px 24px}
h1{font-size:1.05rem;margin:0;letter-spacing:-.01em;white-space:nowrap}
h1 b{color:var(--accent)}
#counts{display:flex;flex-wrap:wrap;gap:0 14px;margin:0;padding:0;list-style:none;color:var(--soft);font-variant-numeric:tabular-nums}
#counts b{color:var(--ink);font-weight:650}
#counts .bad b{color:var(--red)}#counts .good b{color:var(--green)}
.right{display:flex;align-items:center;gap:10px;margin-left:auto}
#link{display:inline-flex;align-items:center;gap:7px;white-space:nowrap;color:var(--soft);font-size:.87rem}
#link i{width:8px;height:8px;border-radius:50%;background:var(--grey)}
#link[data-state=live] i{background:var(--green)}
#link[data-state=lost] i,#link[data-state=late] i{background:var(--amber)}
#link[data-state=ended] i,#link[data-state=refused] i{background:var(--red)}
#filter{width:clamp(9em,16vw,15em);padding:5px 10px;border:1px solid var(--line);border-radius:8px;background:var(--card)}
#filter::placeholder{color:var(--soft);opacity:1}
.key{min-width:32px;height:32px;padding:0 9px;border:1px solid var(--line);border-radius:8px;background:var(--card);cursor:pointer}
.key:hover,.act:hover{background:var(--hover)}
#notice{max-width:1632px;margin:14px auto 0;padding:10px 14px;border:1px solid var(--amber);border-left-width:4px;border-radius:8px;background:var(--card)}
#notice[data-tone=bad]{border-color:var(--red)}
.wrap{padding:0 24px}

main{display:grid;grid-template-columns:minmax(0,1fr);grid-template-areas:"left" "side" "saved";gap:0 28px;max-width:1680px;margin:0 auto;padding:4px 24px 40px}
#left{grid-area:left;min-width:0}#side{grid-area:side;min-width:0}#saved{grid-area:saved;min-width:0}
@media(min-width:1280px){main{grid-template-columns:minmax(0,1fr) minmax(320px,28%);grid-template-rows:auto 1fr;grid-template-areas:"left side" "saved side"}
main.alone{max-width:1180px;grid-template-columns:minmax(0,1fr);grid-template-areas:"left" "saved"}}
section{margin-top:20px}
h2{display:flex;align-items:baseline;gap:8px;font-size:.86rem;font-weight:650;margin:0 0 7px;color:var(--soft)}
h2 .count{font-weight:400;font-variant-numeric:tabular-nums}
.list{margin:0;padding:0;list-style:none;background:var(--card);border:1px solid var(--line);border-radius:10px;overflow:hidden}
.list>li+li{border-top:1px solid var(--line)}
.more{display:block;margin:8px 0 0;padding:3px 10px;border:0;background:none;color:var(--accent);cursor:pointer;border-radius:6px}

details.row>summary{display:grid;gap:1px 14px;align-items:baseline;padding:8px 14px;cursor:pointer;list-style:none;border-left:3px solid transparent}
details.row>summary::-webkit-details-marker{display:none}
details.row>summary:hover{background:var(--hover)}
details.row>summary:focus-visible{outline-offset:-2px;border-radius:9px;background:var(--hover)}
details.row[open]>summary{background:var(--hover)}
.tone-bad>summary{border-left-color:var(--red)!important}
.tone-warn>summary{border-left-color:var(--amber)!important}
.tone-good>summary{border-left-color:var(--green)!important}
.chip{white-space:nowrap;font-weight:600;font-size:.9rem}
.chip::before{content:attr(data-mark);display:inline-block;width:1.25em;font-weight:400}
.tone-bad .chip{color:var(--red)}.tone-warn .chip{color:var(--amber)}.tone-good .chip{color:var(--green)}.tone-move .chip{color:var(--accent)}.tone-soft .chip{color:var(--soft)}
.name{min-width:0;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.name b{font-weight:600;margin-right:8px}
.name .title{color:var(--soft)}
.when{color:var(--soft);font-size:.87rem;white-space:nowrap;font-variant-numeric:tabular-nums;text-align:right}
.says{min-width:0;color:var(--soft);font-size:.9rem;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.says .who{font-weight:600;color:var(--ink)}
.says.you .who{color:var(--amber)}
.meter{display:flex;align-items:center;gap:8px;min-width:0;font-size:.87rem;color:var(--soft);font-variant-numeric:tabular-nums;white-space:nowrap}
.meter .amount{overflow:hidden;text-overflow:ellipsis}
.track{flex:none;width:68px;height:5px;border-radius:3px;background:var(--grid);overflow:hidden}
.track i{display:block;height:100%;width:0;background:var(--accent);border-radius:3px}
@media(prefers-reduced-motion:no-preference){.track i{transition:width .4s ease-out}.fresh{animation:fresh 1.6s ease-out}}
@keyframes fresh{from{background:color-mix(in srgb,var(--accent) 22%,var(--card))}}

details.row>summary{grid-template-columns:7.2em minmax(0,1fr) auto;grid-template-areas:"chip name when" ". says meter"}
details.row>summary:not(:has(.meter:not([hidden]))){grid-template-areas:"chip name when" ". says says"}
.small>summary{grid-template-columns:6.2em minmax(0,1fr) auto!important;grid-template-areas:"chip name when" ". says says"!important}
.small .name{white-space:normal;display:-webkit-box;-webkit-line-clamp:2;-webkit-box-orient:vertical}
.chip{grid-area:chip}.name{grid-area:name}.meter{grid-area:meter;justify-content:flex-end;align-self:center}.says{grid-area:says}.when{grid-area:when}
@media(max-width:600px){body{font-size:15px}.bar{flex-wrap:wrap;padding:8px 12px}.wrap{padding:0 12px}main{padding:0 12px 32px}header{position:static}
.right{margin-left:0;width:100%}#filter{flex:1;min-width:0;width:auto}h1{margin-right:auto}#counts{order:3;width:100%}.right{order:4}
#link{order:2}
details.row>summary{padding:9px 12px 9px 10px}
details.row>summary,details.row>summary:not(:has(.meter:not([hidden]))),.small>summary{grid-template-columns:minmax(0,1fr) auto!important;grid-template-areas:"chip when" "name name" "meter meter" "says says"!important}
.meter{flex-direction:row-reverse}
.name{white-space:normal;display:-webkit-box;-webkit-line-clamp:2;-webkit-box-orient:vertical}
.says{white-space:normal;display:-webkit-box;-webkit-line-clamp:3;-webkit-box-orient:vertical}}

.body{padding:10px 16px 14px 17px;border-top:1px dashed var(--line);font-size:.92rem}
.body dl{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:3px 16px;margin:0}
.body dt{color:var(--soft)}.body dd{margin:0}
.body h3{font-size:.86rem;margin:14px 0 5px;color:var(--soft)}
code,pre{font-family:var(--mono);font-size:.88em}
.body code{background:var(--grid);padding:1px 5px;border-radius:4px}
.parts{margin:0;padding:0;list-style:none;columns:20em;column-gap:24px}
.parts li{display:flex;gap:8px;break-inside:avoid;padding:1px 0}
.parts .mark{flex:none;width:6.8em;color:var(--soft)}
.parts .bad{color:var(--red)}.parts .good{color:var(--green)}.parts .warn{color:var(--amber)}.parts .move{color:var(--accent)}
.proof{margin:0;padding:0;list-style:none}
.proof pre{margin:2px 0 8px;padding:6px 10px;background:var(--grid);border-radius:6px;white-space:pre-wrap;overflow-wrap:anywhere}
.acts{display:flex;flex-wrap:wrap;gap:8px;margin-top:12px}.acts:empty{display:none}
.act{padding:4px 12px;border:1px solid var(--line);border-radius:8px;background:var(--card);cursor:pointer;text-decoration:none;color:var(--ink)}
.act.main{border-color:var(--accent);color:var(--accent)}
@media(max-width:600px){.body dl{grid-template-columns:minmax(0,1fr);gap:0}.body dd{margin-bottom:6px}}

#empty{margin-top:28px;padding:22px 24px;background:var(--card);border:1px solid var(--line);border-radius:12px;max-width:44em}
#empty h2{font-size:1.1rem;color:var(--ink);margin-bottom:4px}
#empty dl{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:6px 18px;margin:14px 0 0}
#empty dt{white-space:nowrap}#empty dd{margin:0;color:var(--soft)}
@media(max-width:600px){#empty dl{grid-template-columns:minmax(0,1fr);gap:2px}#empty dd{margin-bottom:8px}}
#saved{margin-top:28px;border-top:1px solid var(--line)}
#saved.none{height:0;margin:0;border:0;overflow:hidden;visibility:hidden}
#saved iframe{display:block;width:calc(100% + 32px);margin:0 -16px;height:560px;border:0}
@media(max-width:600px){#saved iframe{width:calc(100% + 24px);margin:0 -12px}}
dialog{border:1px solid var(--line);border-radius:12px;background:var(--card);color:var(--ink);padding:18px 22px;max-width:min(30em,calc(100vw - 32px))}
dialog::backdrop{background:#0007}
dialog h2{color:var(--ink);font-size:1rem}
dialog dl{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:6px 18px;margin:10px 0 16px}
dialog dd{margin:0;color:var(--soft)}
kbd{font-family:var(--mono);font-size:.85em;border:1px solid var(--line);border-bottom-width:2px;border-radius:4px;padding:0 5px}
@media(forced-colors:active){.track i{background:Highlight}#link i{background:CanvasText}}
@media print{header{position:static}.right,.acts,.more{display:none}}
`;
