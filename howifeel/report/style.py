"""The look of the page: light and dark, on a screen and on paper."""

from __future__ import annotations

from howifeel.report.palette import DARK, LIGHT, css

_RULES = """
*{box-sizing:border-box}
html{color-scheme:light dark;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--ground);color:var(--ink);
 font:16px/1.55 system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','DejaVu Sans',sans-serif}
main{max-width:1060px;margin:0 auto;padding:56px 24px 72px}
h1{font-size:34px;line-height:1.15;letter-spacing:-.02em;margin:0 0 6px;font-weight:680}
h2{font-size:24px;line-height:1.2;letter-spacing:-.01em;margin:0;font-weight:660}
h3{font-size:18px;line-height:1.3;margin:0 0 2px;font-weight:640}
p{margin:0 0 10px;max-width:72ch}
.dim{color:var(--dim)}
.small{font-size:14px}
.note{border-left:3px solid var(--accent);padding:2px 0 2px 16px;margin:26px 0 0}
.note p{margin:0}
section{margin-top:56px}
.head{display:flex;gap:20px;align-items:center;margin-bottom:20px}
.head img{width:120px;border-radius:10px;display:block}
.head p{margin:4px 0 0}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;
 margin:0 0 16px;padding:0}
.tiles div,.card{background:var(--panel);border:1px solid var(--line);border-radius:12px}
.tiles div{padding:14px 18px 12px;display:flex;flex-direction:column-reverse;
 justify-content:flex-end}
.tiles dt{color:var(--dim);font-size:14px}
.tiles dd{margin:0;font-size:25px;line-height:1.25;font-weight:640;letter-spacing:-.01em;
 font-variant-numeric:tabular-nums}
.card{padding:22px 24px;margin-top:16px}
.card svg{display:block;width:100%;height:auto;margin:14px 0 12px}
table{border-collapse:collapse;width:100%;font-size:15px;font-variant-numeric:tabular-nums}
caption{text-align:left;font-weight:640;padding:0 0 6px}
th{font-weight:500;text-align:left}
thead th{color:var(--dim);font-size:13.5px;border-bottom:1px solid var(--line);
 vertical-align:bottom}
th,td{padding:5px 12px 5px 0;vertical-align:middle}
tbody tr+tr td,tbody tr+tr th{border-top:1px solid var(--line)}
td.n,th.n{text-align:right;white-space:nowrap;padding-right:26px}
td.n:last-child,th.n:last-child{padding-right:0}
td.bar{width:42%}
th.word{white-space:nowrap}
.card td.bar svg{margin:0;height:16px;width:100%}
.swatch{display:inline-block;width:11px;height:11px;border-radius:3px;margin-right:9px}
.two{display:grid;grid-template-columns:repeat(auto-fit,minmax(330px,1fr));gap:16px;margin-top:16px}
.two .card{margin:0}
dl.facts{display:grid;grid-template-columns:max-content 1fr;gap:3px 20px;margin:0;font-size:14.5px}
dl.facts dt{color:var(--dim)}
dl.facts dd{margin:0;overflow-wrap:anywhere}
.mono{font-family:ui-monospace,'DejaVu Sans Mono',monospace;font-size:13px}
ul{margin:0;padding-left:20px;max-width:76ch}
li{margin:0 0 7px}
h1,h2,h3,td,th,p{overflow-wrap:anywhere}
footer{margin-top:56px;color:var(--dim);font-size:14px}
@media(max-width:720px){main{padding:28px 14px}.two{grid-template-columns:1fr}.card{padding:16px}
 td.bar{width:25%}}
"""

_PAPER = """
@page{margin:14mm}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
html{color-scheme:light}
body{background:#fff;font-size:9.5pt;line-height:1.45}
main{max-width:none;padding:0}
section{margin-top:22px}
.note{margin-top:12px}
.tiles div,.card{break-inside:avoid;border-radius:8px}
.tiles{grid-template-columns:repeat(4,1fr)}
.tiles div{padding:8px 12px}
.tiles dd{font-size:15pt}
.tiles dt{font-size:8.5pt}
.card{padding:12px 16px;margin-top:12px}
.card svg{margin:8px 0 6px}
.card td.bar svg{height:11px}
td.bar{width:34%}
th,td{padding:1.5px 8px 1.5px 0}
td.n,th.n{padding-right:14px}
h1{font-size:22pt}h2{font-size:15pt}h3{font-size:11.5pt}
h1,h2,h3,h2+p,h3+p,caption,thead{break-after:avoid}
.head{margin-bottom:12px}.head img{width:90px}
.head,.tiles{break-inside:avoid;break-after:avoid}
table,.small,dl.facts,footer{font-size:9pt}thead th{font-size:8.5pt}.mono{font-size:8pt}
tr,li,p,svg,img,thead{break-inside:avoid}
footer{margin-top:22px;break-inside:avoid}
"""

STYLE = (
    f":root{{{css(LIGHT)}}}"
    f"@media screen and (prefers-color-scheme:dark){{:root{{{css(DARK)}}}}}"
    f"{_RULES}@media print{{{_PAPER}}}"
)
"""The style sheet of a report."""
