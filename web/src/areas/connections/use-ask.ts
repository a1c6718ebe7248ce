import { useState } from 'react';
import { post } from '@api/http';
import { refresh } from '@api/queries';
import { useTellError } from '@kit/index';
import { REFRESH, type ReadSaid } from './types';

/** Something read because it was asked for: the question, and the task that will tell what came of it. */
export function useAsk<Question extends object>(path: string) {
  const [asked, setAsked] = useState<{ question: Question; task: string } | null>(null);
  const [busy, setBusy] = useState(false);
  const tell = useTellError();
  const ask = async (question: Question) => {
    setBusy(true);
    try {
      const said = await post<ReadSaid>(path, question);
      setAsked(said.task_id ? { question, task: said.task_id } : null);
      await refresh(...REFRESH, '/api/tasks');
    } catch (error) {
      tell(error);
    } finally {
      setBusy(false);
    }
  };
  return { asked, busy, ask, forget: () => setAsked(null) };
}
