/** A map counts as moving for this long after the last movement, milliseconds. */
const restless = 140;

let turn = -1;

/** True for the first that asks in a frame. */
function takeTurn(frame: number): boolean {
  if (turn === frame) return false;
  turn = frame;
  return true;
}

/** What the frames of a map are made of. */
export interface MapFrames {
  /** Moves the view for a frame at `time` ms; true if it moved. */
  move(time: number): boolean;
  /** True while the view goes on moving by itself. */
  moving(): boolean;
  /** Draws the map, in a hurry with a sample if need be; true if the whole picture stands there. */
  draw(hurry: boolean): boolean;
  /** Goes on with a picture that was begun; true if it is whole. */
  more(): boolean;
}

/** When a map is drawn: a sample while it moves, then all points, over some frames if they are many. */
export interface MapLoop {
  /** What the canvas shows is out of date. */
  change(): void;
  /** The person moved the view. */
  touch(): void;
  /** Draws in this very frame, in a hurry: the canvas is blank. */
  now(): void;
  stop(): void;
  /** True while the canvas shows all points as they are now. */
  readonly settled: boolean;
}

/** The loop of one map; of several on a page one a frame has its turn for a whole picture, so that no frame is long. */
export function mapLoop({move, moving, draw, more}: MapFrames): MapLoop {
  let [pending, movedAt] = [0, -Infinity];
  /** What the canvas shows is out of date; a sample; a part that is not shown yet; all. */
  let shown: "old" | "sample" | "begun" | "whole" = "old";

  function schedule(): void {
    if (pending === 0) pending = requestAnimationFrame(step);
  }

  function step(time: number): void {
    pending = 0;
    if (move(time)) shown = "old";
    const hurry = moving() || performance.now() - movedAt < restless;
    if (!hurry && shown !== "whole" && !takeTurn(time)) return schedule();
    if (shown === "old" || (shown === "sample" && !hurry)) {
      const whole = draw(hurry);
      // What is drawn in a hurry is drawn again at rest, with names that fit the view.
      shown = hurry ? "sample" : whole ? "whole" : "begun";
    } else if (shown === "begun" && more()) shown = "whole";
    if (shown !== "whole" || moving()) schedule();
  }

  function change(): void {
    shown = "old";
    schedule();
  }

  return {
    change,
    touch() {
      movedAt = performance.now();
      change();
    },
    now() {
      draw(true);
      shown = "sample";
      schedule();
    },
    stop() {
      cancelAnimationFrame(pending);
    },
    get settled() {
      return shown === "whole";
    }
  };
}
