import {siteConfig} from "./scripts/site-config.js";

export default await siteConfig({
  root: "src",
  output: "dist",
  title: "UCE workbook",
  pages: [
    {name: "Load", path: "/stages/load"},
    {name: "Normalize", path: "/stages/normalize"},
    {name: "Sample", path: "/stages/sample"},
    {name: "Embed", path: "/stages/embed"},
    {name: "UMAP", path: "/stages/umap"},
    {name: "Can I trust this map?", path: "/trust"},
    {name: "What is this cell?", path: "/answers"},
    {name: "On a reference's map", path: "/reference"},
    {name: "Which genes decide?", path: "/decide"},
    {name: "Scores on the field's scale", path: "/scores"},
    {name: "The model", path: "/model"},
    {name: "Choose a model", path: "/models"},
    {name: "Write your own", path: "/your-own"},
    {name: "Benchmarks", path: "/benchmarks"},
    {name: "Is it the same model?", path: "/parity"}
  ]
});
