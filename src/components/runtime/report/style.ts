import {darkCategories, grays, lightCategories, pageColors, sequentialRamp} from "../../views/palette.js";
import {hex} from "../../views/oklab.js";

/** The style sheet of a report: both color modes, narrow screens, print. Colors are the workbook's. */
export function reportStyle(): string {
  const {light, dark} = pageColors;
  return `:root{color-scheme:light dark}
body{margin:0 auto;max-width:66rem;padding:1rem 1.2rem 4rem;font:1rem/1.5 system-ui,sans-serif;color:${light.ink};background:${light.paper}}
h1,h2,h3,p,li,dd{overflow-wrap:anywhere}th,td{overflow-wrap:break-word}tbody th{min-width:8rem}h1{line-height:1.2;margin:.6rem 0}nav{font-size:.9rem}h2{margin-top:1.8rem;border-top:1px solid ${light.away};padding-top:1rem}
a{color:${light.focus}}nav ul{padding:0;list-style:none;display:flex;flex-wrap:wrap;gap:.3rem 1rem}
figure{margin:1rem 0}figure>svg{display:block;width:100%;max-width:40rem;height:auto}.pair{display:flex;flex-wrap:wrap;gap:1rem}.pair>figure{flex:1 1 min(100%,20rem);min-width:0}
.main>figure{display:grid;grid-template-columns:minmax(0,40rem) minmax(12rem,1fr);gap:0 1.5rem;align-items:start}.main .legend{display:block;columns:auto}.main .legend li{padding:.1rem 0}
.cards{list-style:none;padding:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,17rem),1fr));gap:2rem}.cards svg{display:block;width:100%;max-height:17rem;margin-bottom:.5rem}
.bars>figure{max-width:26rem;flex-basis:min(100%,16rem)}figcaption{font-size:.9rem}.maps>figure{flex-basis:min(100%,24rem)}
.legend{list-style:none;padding:0;margin:.5rem 0;display:flex;flex-wrap:wrap;gap:.1rem 1rem;font-size:.9rem}.legend span{opacity:.75;margin-left:.3rem}.legend a{color:inherit;text-decoration:none}.legend a:hover{text-decoration:underline}.legend li:not(.all){scroll-margin-top:70vh}.main .legend li:not(.all){scroll-margin-top:8rem}.legend li:target a{font-weight:700;text-decoration:underline}.legend .all{display:none}figure:has(li:target) .all{display:list-item}.all a{color:${light.focus}}
${marks()}.name{font-family:system-ui,sans-serif}.gene{white-space:nowrap;margin-right:.7rem;display:inline-block}tr:target{outline:2px solid ${light.focus}}
.swatch{width:.7rem;height:.7rem;vertical-align:baseline}.ramp svg{width:10rem;height:.7rem;vertical-align:baseline}
.scroll{overflow-x:auto}table{min-width:min(100%,26rem);border-collapse:collapse;margin:1rem 0;font-size:.95rem}caption{text-align:left;font-weight:600;padding-bottom:.3rem}
th,td{min-width:4rem;padding:.25rem .9rem .25rem 0;text-align:left;vertical-align:top;border-bottom:1px solid ${light.away};font-weight:400}thead th{font-weight:600}.number{text-align:right;font-variant-numeric:tabular-nums}
section>p{max-width:50rem}dl:not(.facts){columns:2 24rem}dl>div{break-inside:avoid;display:grid;grid-template-columns:9rem 1fr;gap:0 1rem;padding:.1rem 0}.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(13rem,1fr));gap:.8rem 1.5rem;margin:1.2rem 0}.facts>div{display:block;border-left:3px solid ${light["category-1"]};padding-left:.7rem}.facts dt{font-weight:400;font-size:.85rem}.facts dd{font-weight:600}dt{font-weight:600}dd{margin:0;overflow-wrap:anywhere}
.note{border-left:4px solid ${light.warning};padding-left:.8rem}.line{fill:none}pre,code{overflow-wrap:anywhere;white-space:pre-wrap}
${lightCategories.map((color, k) => `.c${k}{stroke:${color}}`).join("")}${ramp("light")}.missing{stroke:${grays.light.missing}}.other{stroke:${grays.light.other}}
@media (prefers-color-scheme:dark){@media screen{body{color:${dark.ink};background:${dark.paper}}a{color:${dark.focus}}h2,th,td{border-color:${dark.away}}
.note{border-color:${dark.warning}}.bar{fill:${dark["category-1"]}}.ink,.name{fill:${dark.ink}}.name{stroke:${dark.paper}}.all a,tr:target{color:${dark.focus}}.facts>div{border-color:${dark["category-1"]}}tr:target{outline-color:${dark.focus};color:inherit}.line{stroke:${dark.ink}}
${darkCategories.map((color, k) => `.c${k}{stroke:${color}}`).join("")}${ramp("dark")}.missing{stroke:${grays.dark.missing}}.other{stroke:${grays.dark.other}}}}
@media (max-width:48rem){.main .legend li:not(.all){scroll-margin-top:70vh}.main>figure{display:block}.main .legend{columns:2}}
@media (max-width:30rem){th,td{min-width:0;padding-right:.6rem}tbody th{min-width:5rem}dl>div{display:block}dd{margin-bottom:.4rem}}
@media print{body{max-width:none;padding:0}nav{display:none}figure,tr{break-inside:avoid}h2{break-after:avoid}a{color:inherit}}
`;
}

/** A group that the address names stands alone on its map: the others fade. */
function marks(): string {
  const names = [...lightCategories.map((_, k) => `c${k}`), "other", "missing"];
  return names.map((name) => `figure:has(.t-${name}:target) .map path:not(.${name}):not(.line){opacity:.12}`).join("");
}

function ramp(mode: "light" | "dark"): string {
  const colors = sequentialRamp(255, mode);
  return Array.from({length: 16}, (_, k) => `.r${k}{stroke:${hex(colors[Math.floor(((k + 0.5) * 255) / 16)])}}`).join(
    ""
  );
}
