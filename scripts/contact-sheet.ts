/** A picture: PAGE.STATE.WIDTH.THEME.png, with ".projector" before ".png" in projector mode. */
export interface Picture {
  page: string;
  state: string;
  width: number;
  theme: string;
  projector: boolean;
  file: string;
}

/** Name of a picture's file; "/" in the page's name becomes "-". */
export function pictureName({page, state, width, theme, projector}: Omit<Picture, "file">): string {
  return [page.replaceAll("/", "-"), state, width, theme, ...(projector ? ["projector"] : []), "png"].join(".");
}

/** An HTML page that shows the pictures small, a row for each state of a page; each leads to the picture itself. */
export function contactSheet(pictures: readonly Picture[]): string {
  const rows = new Map<string, Picture[]>();
  for (const one of pictures) {
    const name = `${one.page}: ${one.state}${one.projector ? ", projector" : ""}`;
    rows.set(name, [...(rows.get(name) ?? []), one]);
  }
  const picture = ({file, width, theme}: Picture) =>
    `<a href="${file}"><img src="${file}" alt="${width} px, ${theme}" loading="lazy" width="${Math.round(width / 3)}"><br>${width} px, ${theme}</a>`;
  const sections = [...rows].map(
    ([name, row]) => `<section><h2>${name}</h2><div>${row.map(picture).join("\n")}</div></section>`
  );
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Pictures of all pages</title><style>
body { font: 14px/1.4 system-ui, sans-serif; margin: 1rem; background: #808080; }
section > div { display: flex; gap: 1rem; align-items: flex-start; flex-wrap: wrap; }
img { display: block; }
a { color: black; }
</style>${sections.join("\n")}</html>
`;
}
