/** The sentences that stand beside scores of cells that the model was trained on; `trained` is what is known of them ("all 466 cells are of ..."). */
export function optimisticWords(trained: string): string {
  const subject = `${trained.charAt(0).toUpperCase()}${trained.slice(1)}.`;
  return `${subject} The model's scores are optimistic here: judge it by cells that it has not seen.`;
}
