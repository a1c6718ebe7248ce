/** How long a way back is offered on screen; the history keeps it longer. */
export const UNDO_SECONDS = 10;
/** How long an opened sealed value stays readable. */
export const OPEN_SECONDS = 60;
