import { App, Button } from 'antd';
import { useCallback, useRef, useState } from 'react';
import { ApiError, OFFLINE, sentence } from '@api/errors';
import { newKey, post } from '@api/http';
import { refresh } from '@api/queries';
import type { ActionAnswer } from '@api/shapes';
import { follow } from './followed';
import { UNDO_SECONDS } from './undo-clock';

export type Run = (key: string) => Promise<ActionAnswer | void>;

export interface ActOptions {
  /** What to say when the server says nothing. */
  done?: string;
  /** Paths to read again; all on screen when left out. */
  refresh?: string[];
  /** Called after success, before the lists are read again. */
  after?: (answer: ActionAnswer | undefined) => void;
}

/** One refusal stands at a time, until it is read or something succeeds. */
const REFUSAL = 'refusal';

/** Show a refusal as a toast that says what to do; a cancelled request is none. */
export function useTellError(): (error: unknown) => void {
  const { message } = App.useApp();
  return useCallback(
    (error: unknown) => {
      if (error instanceof DOMException && error.name === 'AbortError') return;
      if (error instanceof ApiError && error.status === 401) return;
      void message.error({ key: REFUSAL, content: sentence(error), duration: 8 });
    },
    [message],
  );
}

function useUndoToast(): (text: string, token: string) => void {
  const { message } = App.useApp();
  const tell = useTellError();
  return useCallback(
    (text: string, token: string) => {
      const key = `undo-${token}`;
      const undo = () => {
        message.destroy(key);
        post<ActionAnswer>(`/api/undo/${token}`)
          .then(async (answer) => {
            void message.success(answer.message ?? '已撤销');
            await refresh();
          })
          .catch(tell);
      };
      void message.success({
        key,
        duration: UNDO_SECONDS,
        content: (
          <span>
            {text}
            <Button type="link" size="small" onClick={undo}>撤销</Button>
          </span>
        ),
      });
    },
    [message, tell],
  );
}

/** Run an action: toast, 撤销 for ten seconds where there is one, lists read again. A repeat after a lost connection keeps its key. */
export function useAct(): { act: (run: Run, options?: ActOptions) => Promise<boolean>; busy: boolean } {
  const { message } = App.useApp();
  const tell = useTellError();
  const offerUndo = useUndoToast();
  const key = useRef<string | null>(null);
  const [busy, setBusy] = useState(false);
  const act = useCallback(
    async (run: Run, options: ActOptions = {}) => {
      setBusy(true);
      key.current ??= newKey();
      try {
        const answer = (await run(key.current)) ?? undefined;
        key.current = null;
        message.destroy(REFUSAL);
        if (answer?.task_id) follow(answer.task_id);
        const text = answer?.message ?? options.done;
        if (answer?.undo) offerUndo(text ?? '已完成', answer.undo);
        else if (text) void message.success(text);
        options.after?.(answer);
        await (options.refresh ? refresh(...options.refresh, '/api/tasks') : refresh());
        return true;
      } catch (error) {
        if (!(error instanceof ApiError && error.code === OFFLINE)) key.current = null;
        tell(error);
        return false;
      } finally {
        setBusy(false);
      }
    },
    [message, offerUndo, tell],
  );
  return { act, busy };
}
