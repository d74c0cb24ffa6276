/** Work that waits until the browser has shown what was just pressed or typed. */

/** Do something after the next paint. */
export const afterPaint = (work) => requestAnimationFrame(() => setTimeout(work));

/** Return what does something after the next paint, once however often it is asked for before that. */
export function oncePainted(work) {
  let isWaiting = false;
  return () => {
    if (isWaiting) return;
    isWaiting = true;
    afterPaint(() => {
      isWaiting = false;
      work();
    });
  };
}
