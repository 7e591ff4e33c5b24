import {darkCategories, grays, lightCategories, pageColors, sequentialRamp} from "../../views/palette.js";
import {hex} from "../../views/oklab.js";

/** The style sheet of a report: both color modes, narrow screens, print. Colors are the workbook's. */
export function reportStyle(): string {
  const {light, dark} = pageColors;
  return `:root{color-scheme:light dark}
body{margin:0 auto;max-width:60rem;padding:1rem 1.2rem 4rem;font:1rem/1.5 system-ui,sans-serif;color:${light.ink};background:${light.paper}}
p,li,dd,td,th{overflow-wrap:anywhere}h1{line-height:1.2}h2{margin-top:2.5rem;border-top:1px solid ${light.away};padding-top:1rem}
a{color:${light.focus}}nav ul{padding:0;list-style:none;display:flex;flex-wrap:wrap;gap:.3rem 1rem}
figure{margin:1rem 0}figure>svg{display:block;width:100%;max-width:40rem;height:auto}.pair{display:flex;flex-wrap:wrap;gap:1rem}.pair>figure{flex:1 1 min(100%,20rem);min-width:0}
.bars>figure{max-width:26rem;flex-basis:min(100%,16rem)}figcaption{font-size:.9rem}.maps>figure{flex-basis:min(100%,24rem)}
.legend{list-style:none;padding:0;margin:.5rem 0;display:flex;flex-wrap:wrap;gap:.1rem 1rem;font-size:.9rem}.legend span{opacity:.75}
.swatch{width:.7rem;height:.7rem;vertical-align:baseline}.ramp svg{width:10rem;height:.7rem;vertical-align:baseline}
.scroll{overflow-x:auto}table{min-width:min(100%,26rem);border-collapse:collapse;margin:1rem 0;font-size:.95rem}caption{text-align:left;font-weight:600;padding-bottom:.3rem}
th,td{min-width:4rem;padding:.25rem .9rem .25rem 0;text-align:left;vertical-align:top;border-bottom:1px solid ${light.away};font-weight:400}thead th{font-weight:600}.number{text-align:right;font-variant-numeric:tabular-nums}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem}dt{font-weight:600}dd{margin:0;overflow-wrap:anywhere}
.note{border-left:4px solid ${light.warning};padding-left:.8rem}.line{fill:none}pre,code{overflow-wrap:anywhere;white-space:pre-wrap}
${lightCategories.map((color, k) => `.c${k}{stroke:${color}}`).join("")}${ramp("light")}.missing{stroke:${grays.light.missing}}.other{stroke:${grays.light.other}}
@media (prefers-color-scheme:dark){@media screen{body{color:${dark.ink};background:${dark.paper}}a{color:${dark.focus}}h2,th,td{border-color:${dark.away}}
.note{border-color:${dark.warning}}.bar{fill:${dark["category-1"]}}.ink{fill:${dark.ink}}.line{stroke:${dark.ink}}
${darkCategories.map((color, k) => `.c${k}{stroke:${color}}`).join("")}${ramp("dark")}.missing{stroke:${grays.dark.missing}}.other{stroke:${grays.dark.other}}}}
@media (max-width:30rem){dl{grid-template-columns:1fr}dd{margin-bottom:.4rem}}
@media print{body{max-width:none;padding:0}nav{display:none}figure,tr{break-inside:avoid}h2{break-after:avoid}a{color:inherit}}
`;
}

function ramp(mode: "light" | "dark"): string {
  const colors = sequentialRamp(255, mode);
  return Array.from({length: 16}, (_, k) => `.r${k}{stroke:${hex(colors[Math.floor(((k + 0.5) * 255) / 16)])}}`).join(
    ""
  );
}
