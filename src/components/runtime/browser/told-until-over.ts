/**
 * What `work` answers, which is given a listener that hears nothing once the work is over. What a worker tells on the way comes through a port of its
 * own, so the answer may overtake it: a page that shows the answer must not be told of its progress then. Rejects as `work` does.
 */
export async function toldUntilOver<Told extends unknown[], Answer>(
  listen: (...told: Told) => void,
  work: (tell: (...told: Told) => void) => Promise<Answer>
): Promise<Answer> {
  let isOver = false;
  try {
    return await work((...told) => {
      if (!isOver) listen(...told);
    });
  } finally {
    isOver = true;
  }
}
