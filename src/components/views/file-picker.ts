import {h, setText} from "./dom.js";
import {droppedFiles} from "./dropped-model.js";
import type {PickedPart} from "./packed-file.js";

/** Buttons that pick a folder or files, and a place to drop them; `words` say what is meant, `want` hears what was given. */
export function filePicker(words: string, want: (files: readonly PickedPart[]) => void): HTMLElement {
  const picker = (attributes: Record<string, string | boolean>) => {
    const input = h("input", {
      type: "file",
      class: "wb-hidden",
      tabindex: -1,
      "aria-hidden": "true",
      multiple: true,
      ...attributes
    });
    input.addEventListener("change", () => {
      const files = [...(input.files ?? [])].map((file) => ({path: file.webkitRelativePath || file.name, file}));
      input.value = "";
      if (files.length > 0) want(files);
    });
    input.addEventListener("input", (event) => event.stopPropagation());
    return input;
  };
  const [folder, files] = [picker({webkitdirectory: true, "data-pick": "folder"}), picker({"data-pick": "files"})];
  const button = (words: string, input: HTMLInputElement) =>
    h("button", {type: "button", class: "wb-button wb-button-small", onclick: () => input.click()}, words);
  const told = h("p", {class: "wb-small", role: "status"});
  const area = h(
    "div",
    {class: "wb-model-drop"},
    h("p", {class: "wb-small"}, words),
    h(
      "span",
      {class: "wb-model-buttons"},
      button("Choose a folder …", folder),
      button("Choose files …", files),
      " or drop them here"
    ),
    told,
    folder,
    files
  );
  takeDrops(area, async (transfer) => {
    setText(told, "Looking at what was dropped …");
    const found = await droppedFiles(transfer).catch(() => []);
    setText(told, found.length === 0 ? "What was dropped holds no file." : "");
    if (found.length > 0) want(found);
  });
  return h("fieldset", {}, h("legend", {}, "From this disk"), area);
}

/** Files that are dropped on an element are its own: the page, which takes files of cells, does not hear of them. */
function takeDrops(area: HTMLElement, take: (transfer: DataTransfer) => Promise<void>): void {
  const over = (isOver: boolean) => area.toggleAttribute("data-over", isOver);
  for (const type of ["dragenter", "dragover", "dragleave", "drop"] as const) {
    area.addEventListener(type, (event) => {
      if (![...(event.dataTransfer?.types ?? [])].includes("Files")) return;
      event.preventDefault();
      event.stopPropagation();
      over(type === "dragenter" || type === "dragover");
      if (type === "drop") void take(event.dataTransfer!);
    });
  }
}
