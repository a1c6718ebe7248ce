import { useEffect, useState } from 'react';
import { post } from '@api/http';
import { refresh } from '@api/queries';
import type { components } from '@api/schema';
import { useEnded, useTellError } from '@kit/index';

interface Reading {
  /** Have an offer read now, by its link or number; it is waited for. */
  read: (text: string) => Promise<void>;
  busy: boolean;
  /** The number of the offer that was read last. */
  ref: string | null;
  /** Why it could not be read, and what to do. */
  problem: string;
}

/** Reading an offer at the supplier's platform: a task does it, the screen waits. */
export function useReadOffer(supplier: string): Reading {
  const [asked, setAsked] = useState<components['schemas']['OfferAsked'] | null>(null);
  const [sending, setSending] = useState(false);
  const tell = useTellError();
  const ended = useEnded(asked && asked.task_id);
  useEffect(() => {
    if (ended?.state === 'done') void refresh('/api/suppliers', '/api/goods');
  }, [ended?.id, ended?.state]);
  const read = async (text: string) => {
    setSending(true);
    try {
      setAsked(await post<components['schemas']['OfferAsked']>(`/api/suppliers/${supplier}/offers/read`, { text }));
    } catch (error) {
      tell(error);
    } finally {
      setSending(false);
    }
  };
  return {
    read,
    busy: sending || (asked !== null && ended === null),
    ref: ended?.state === 'done' && asked ? asked.ref : null,
    problem: ended && ended.state !== 'done' ? ended.message : '',
  };
}
