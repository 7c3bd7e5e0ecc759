//! The style sheet of the page: light and dark, screen and paper.
#include "page.hpp"

namespace persona {

std::string page_style() {
  return R"css(
:root{color-scheme:light dark;--page:#f6f7f9;--card:#fff;--ink:#1b1f24;--soft:#59636e;--rule:#dfe3e8;--achieved:#8fb8e6;
--expected:#b4460f;--plus:#2166ac;--minus:#c2560c;--pass:#17713f;--pass-bg:#e2f4e8;--moved:#875a00;--moved-bg:#fff1cf;
--fail:#b3202a;--fail-bg:#fde4e4;--band:#cfe0f3;--strong:#fff}
@media(prefers-color-scheme:dark){:root{--page:#101317;--card:#191d23;--ink:#e7ebf0;--soft:#9ba6b2;--rule:#2d343d;
--achieved:#3f6fa8;--expected:#ffab78;--plus:#5a9be6;--minus:#e08b45;--pass:#63d297;--pass-bg:#14301f;--moved:#f0c04f;
--moved-bg:#352a0e;--fail:#ff8d8d;--fail-bg:#3d181a;--band:#2b4766;--strong:#0c0f12}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:1180px;margin:0 auto;padding:32px 24px 56px}
h1{font-size:30px;line-height:1.2;margin:0 0 10px;letter-spacing:-.01em}
h2{font-size:19px;margin:38px 0 4px}
h3{font-size:15px;margin:22px 0 6px}
p{margin:4px 0 12px;max-width:78ch}
.soft,figcaption small,.how{color:var(--soft)}
.how{font-size:13.5px}
code{font:13px ui-monospace,"SF Mono",Menlo,Consolas,monospace;overflow-wrap:anywhere}
.verdict{display:inline-block;padding:5px 14px;border-radius:99px;font-weight:600;margin:2px 0 8px}
.pass{color:var(--pass);background:var(--pass-bg)}
.moved{color:var(--moved);background:var(--moved-bg)}
.fail{color:var(--fail);background:var(--fail-bg)}
.chip{display:inline-block;white-space:nowrap;flex:none;padding:0 9px;border-radius:99px;font-size:12.5px;font-weight:600;line-height:20px}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;margin:18px 0 0;padding:0}
.tiles div,figure,.card{background:var(--card);border:1px solid var(--rule);border-radius:12px}
.tiles div{padding:12px 16px}
.tiles dt{color:var(--soft);font-size:13px}
.tiles dd{margin:0;font-size:23px;font-weight:600;line-height:1.25;font-variant-numeric:tabular-nums}
.charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(258px,1fr));gap:14px;margin-top:12px}
figure{margin:0;padding:12px 14px 10px;break-inside:avoid;min-width:0}
figure.wide{overflow-x:auto;margin-top:12px}
svg .start{text-anchor:start}
figcaption{display:flex;min-height:24px;justify-content:space-between;gap:8px;align-items:baseline;font-weight:600;overflow-wrap:anywhere}
figcaption small{font-weight:400}
figure p{margin:4px 0 0;font-size:12.5px;color:var(--soft);font-variant-numeric:tabular-nums}
svg{display:block;max-width:100%;height:auto}
.charts svg{width:100%}
svg text{fill:var(--soft);font:11px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;font-variant-numeric:tabular-nums}
svg .ink{fill:var(--ink)} svg .end{text-anchor:end} svg .mid{text-anchor:middle}
.a{fill:var(--achieved)} .e{fill:none;stroke:var(--expected);stroke-width:1.6;stroke-linejoin:round}
.axis{stroke:var(--rule);fill:none}
.plus{fill:var(--plus)} .minus{fill:var(--minus)} svg .strong{fill:var(--strong)} .empty{fill:var(--rule);fill-opacity:.35}
.off{fill:none;stroke:var(--fail);stroke-width:2} .moved-cell{fill:none;stroke:var(--moved);stroke-width:2}
.key{display:inline-block;width:22px;height:10px;border-radius:2px;margin:0 5px 0 10px;vertical-align:baseline}
.key.bar{background:var(--achieved)} .key.outline{height:0;border-top:2px solid var(--expected);vertical-align:middle}
table{border-collapse:collapse;width:100%;font-size:14px;font-variant-numeric:tabular-nums}
.card{overflow-x:auto;margin-top:6px}
th,td{padding:5px 12px;text-align:right;border-top:1px solid var(--rule);white-space:nowrap}
thead th{border-top:0;color:var(--soft);font-weight:500;font-size:12.5px}
th:first-child,td:first-child{text-align:left}
tbody th{font-weight:500;white-space:normal;overflow-wrap:anywhere;min-width:180px}
tbody th small{display:block;font-weight:400;color:var(--soft)}
td.bar{padding-top:0;padding-bottom:0}
.inside{fill:var(--band)} .mark{fill:var(--ink)} .mark.out{fill:var(--fail)} .zero{stroke:var(--soft);stroke-opacity:.6}
details{background:var(--card);border:1px solid var(--rule);border-radius:12px;margin-top:8px;overflow:hidden}
summary{cursor:pointer;padding:9px 14px;font-weight:500}
summary:focus-visible{outline:2px solid var(--plus);outline-offset:-2px;border-radius:12px}
details .card{border:0;border-top:1px solid var(--rule);border-radius:0;margin:0}
ul{padding-left:20px} footer{margin-top:40px;font-size:13px;color:var(--soft)}
@media print{body{background:#fff;font-size:12px}main{padding:0;max-width:none}h2{break-after:avoid}
tr,.tiles div,figure{break-inside:avoid}.charts{grid-template-columns:repeat(3,1fr)}*{print-color-adjust:exact}}
)css";
}

}  // namespace persona
