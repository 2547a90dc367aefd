"""What the style sheet of a comparison has beside that of every report."""

from __future__ import annotations

from howifeel import emotions
from howifeel.report.comparison import label

_COLOURS = "".join(
    f".of-{name}{{--of:var(--fill-{name});fill:var(--of)}}" for name in (*emotions.NAMES, "unsure")
)

_RULES = """
main{max-width:1280px}
.warning{border-color:#e8590c;margin-top:14px}
.tiles.top{margin-top:28px}
.scroll{overflow-x:auto;background:var(--panel);border:1px solid var(--line);border-radius:12px;
 padding:12px 20px;margin-top:12px}
.scroll:focus-visible{outline:2px solid var(--accent)}
section>h3{margin:26px 0 0}
table.sort thead th{padding-bottom:4px;overflow-wrap:normal}
table.wide .heads th{white-space:nowrap}
table.sort th button{all:unset;cursor:pointer;color:inherit;font:inherit}
table.sort th button:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
table.sort th button::after{content:"";display:inline-block;width:.9em;text-align:right}
table.sort th.n button::after{display:none}
table.sort th[aria-sort] button{color:var(--ink);text-decoration:underline;
 text-underline-offset:3px}
table.sort td.n,table.sort th.n{padding-right:14px}
table.sort tbody th{max-width:19em;min-width:7em}
table.wide th[scope=colgroup]{text-align:center;border-bottom:1px solid var(--line)}
table.wide tbody th,table.wide tbody td{vertical-align:baseline;line-height:1.4}
td.share{padding:5px 14px 8px 0}
td.share::after{content:"";display:block;height:4px;margin:2px -6px 0 0;
 background:linear-gradient(to right,var(--of) var(--share),var(--band) 0)}
td.share small{display:block;color:var(--dim);font-size:11px;min-height:1.3em}
.panels{display:grid;grid-template-columns:repeat(auto-fill,minmax(270px,1fr));gap:14px}
.panels .card{margin:0;padding:14px 18px}
.panel ul{list-style:none;padding:0;margin:8px 0 0;max-width:none}
.panel li{display:grid;grid-template-columns:5.6em 1fr 3em;gap:8px;align-items:center;margin:0;
 font-size:13px;line-height:1.5}
.panel .above li{grid-template-columns:1fr 3em;row-gap:0;margin-top:4px}
.panel .above .lane{grid-column:1/-1}
.panel svg{height:18px;margin:0;overflow:visible}
.panel .crowd svg{height:30px}
.value{text-align:right;color:var(--dim);font-variant-numeric:tabular-nums;white-space:nowrap}
rect.ground{fill:var(--line);fill-opacity:.7}
.dots,.mean,.whisker{vector-effect:non-scaling-stroke;stroke-linecap:round;fill:none}
.dots{stroke:var(--of);stroke-width:5px;stroke-opacity:.5}
.whisker{stroke:var(--ink);stroke-width:1.5px;stroke-linecap:butt}
.mean{stroke:var(--of);stroke-width:9px;paint-order:stroke}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:4px 18px;padding:0;margin:0;max-width:none;
 font-size:14px}
.legend li{margin:0}
.swatch[class*=of-]{background:var(--of)}
.ribbons{list-style:none;max-width:none}
.ribbons li{display:flex;gap:14px;align-items:center;margin:3px 0;font-size:14px}
.ribbons .person{margin:16px 0 4px}.ribbons .person:first-child{margin-top:0}
.ribbons .name{flex:0 0 19em}
.ribbons .ribbon{flex:1}
.ribbons .ribbon svg{height:18px;margin:0;min-width:2px}
.ribbons .value{flex:0 0 4em}
.ribbons .picture{flex:0 0 72px}
.ribbons img{display:block;width:72px;border-radius:5px}
@media(max-width:720px){
 .ribbons li{flex-wrap:wrap;gap:2px 10px}.ribbons .name{flex:1 1 8em}
 .ribbons .ribbon{order:3;flex:1 0 100%}.ribbons .picture{flex:0 0 48px}.ribbons img{width:48px}
 .scroll{padding:8px 12px}table.sort tbody th{max-width:9em}}
"""

_PAPER = """
@page{size:landscape}
.screen{display:none}
.scroll{overflow:visible;padding:6px 10px}
.wide{font-size:8pt}table.wide td.share{padding-right:8px}td.share::after{margin-right:0}
td.share small{font-size:6.5pt}
.panels{grid-template-columns:repeat(4,1fr);gap:8px}.panels .card{padding:8px 10px}
.panel li{font-size:8pt}
table.sort th button{display:contents}
.ribbons li{break-inside:avoid;font-size:8.5pt}
.legend,.ribbons .person{break-after:avoid}
.ribbons.card{break-inside:auto}
"""

LOOK = f"{_COLOURS}{label.LOOK}{_RULES}@media print{{{_PAPER}}}"
"""Rules that follow those of `howifeel.report.style`."""
