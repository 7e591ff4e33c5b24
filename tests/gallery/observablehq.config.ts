import {siteConfig} from "../../scripts/site-config.js";

// Every view in every state with made-up data, a site for those who work on the views: npm start -- --site tests/gallery
export default await siteConfig({
  root: "tests/gallery/src",
  output: "tests/gallery/dist",
  title: "Views",
  pages: [{name: "Gallery of views", path: "/gallery"}]
});
