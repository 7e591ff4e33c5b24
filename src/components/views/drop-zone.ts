/**
 * Makes `target` take files that are dropped on it, and shows `veil` while some are over it. Returns what stops listening.
 * What is dropped but is no file is left to the page.
 */
export function dropZone(target: EventTarget, veil: HTMLElement, onDrop: (transfer: DataTransfer) => void): () => void {
  let depth = 0;
  const carriesFiles = (event: DragEvent): boolean => [...(event.dataTransfer?.types ?? [])].includes("Files");
  const listeners: [string, (event: DragEvent) => void][] = [
    [
      "dragenter",
      (event) => {
        if (!carriesFiles(event)) return;
        event.preventDefault();
        depth += 1;
        veil.hidden = false;
      }
    ],
    [
      "dragover",
      (event) => {
        if (!carriesFiles(event)) return;
        event.preventDefault();
        event.dataTransfer!.dropEffect = "copy";
      }
    ],
    [
      "dragleave",
      (event) => {
        if (!carriesFiles(event)) return;
        depth = Math.max(0, depth - 1);
        veil.hidden = depth === 0;
      }
    ],
    [
      "drop",
      (event) => {
        depth = 0;
        veil.hidden = true;
        if (!carriesFiles(event)) return;
        event.preventDefault();
        onDrop(event.dataTransfer!);
      }
    ]
  ];
  for (const [type, listener] of listeners) target.addEventListener(type, listener as EventListener);
  return () => {
    for (const [type, listener] of listeners) target.removeEventListener(type, listener as EventListener);
  };
}
