import { App, Button } from 'antd';
import { useCallback, useState } from 'react';
import { post } from '@api/http';
import { useApi } from '@api/queries';
import type { components } from '@api/schema';
import type { ActionAnswer, Task } from '@api/shapes';
import { AskReason, useAct, useOwnEnd } from '@kit/index';
import { LIST, type OrderDetail, type OrderRow } from './types';

type Ways = components['schemas']['RecipientWays'];

const FOR_SENDING = ['发给供应商', '联系买家', '处理售后'];

/** What came of decrypting one order, as its drawer says it. */
export const decrypted = (task: Pick<Task, 'state' | 'failed' | 'message'>): { done: boolean; text: string } =>
  task.state === 'done' && !task.failed
    ? { done: true, text: '已解密，收件人可用' }
    : { done: false, text: `没有解密：${task.message || '请稍后再试，还不行到“授权”里看店铺的接口'}` };

/** Have the platform decrypt an order's recipient; its end is told here, also where the order is read anew before that. */
function useDecrypt(order: OrderRow): { give: (reason: string) => Promise<boolean>; runs: boolean } {
  const { message } = App.useApp();
  const { act, busy } = useAct();
  const [task, setTask] = useState<string | null>(null);
  const say = useCallback((ended: Task) => {
    const { done, text } = decrypted(ended);
    setTask(null);
    void message.open({ type: done ? 'success' : 'error', content: text, duration: done ? 4 : 8 });
  }, [message]);
  const runs = useOwnEnd(task, say);
  const give = (reason: string) => act(async (key) => {
    const answer = await post<ActionAnswer>(`${LIST}/decrypt`, { target: { ids: [order.id] }, reason }, { key });
    if (!answer.task_id) return answer;
    setTask(answer.task_id);
    return undefined;
  });
  return { give, runs: busy || runs };
}

/** Which paths the recipient of an order may take. */
export const useWays = (order: Pick<OrderRow, 'id' | 'version'>): Ways | undefined =>
  useApi<Ways>(`${LIST}/${order.id}/recipient-ways`, undefined, { mark: order.version, keep: true }).data;

/** The button that has the platform decrypt the recipient, where it can and this person may. */
export function Decrypt({ detail }: { detail: OrderDetail }) {
  const { give, runs } = useDecrypt(detail.order);
  const open = useWays(detail.order)?.others.some((o) => o.path === 'decrypted' && o.open) ?? false;
  if (runs) return <Button size="small" loading>正在请平台解密</Button>;
  return open && detail.may_open && <AskReason give={give} verb="解密" reasons={FOR_SENDING}><Button size="small">解密</Button></AskReason>;
}
