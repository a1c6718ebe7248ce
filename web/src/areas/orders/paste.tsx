import { Button, Drawer, Input } from 'antd';
import { useState } from 'react';
import { post } from '@api/http';
import type { components } from '@api/schema';
import { useAct } from '@kit/index';
import { LIST } from './types';

type Pasted = components['schemas']['PastedRecipients'];

/** A pasted block of recipients joins orders by their numbers; what could not be used says why. */
export function PasteRecipients({ close }: { close: () => void }) {
  const [text, setText] = useState('');
  const [done, setDone] = useState<Pasted | null>(null);
  const { act, busy } = useAct();
  const lines = text.split('\n').filter((l) => l.trim()).length;
  const join = () =>
    act(async (key) => {
      const answer = await post<Pasted>(`${LIST}/paste-recipients`, { text }, { key });
      setDone(answer);
      const bad = new Set(answer.problems.map((p) => p.row));
      setText(text.split('\n').filter((_, i) => bad.has(i + 1)).join('\n'));
      return { message: answer.message };
    });
  return (
    <Drawer
      open
      title="粘贴补收件人"
      size="min(640px, 100vw)"
      onClose={close}
      rootClassName="k-drawer"
      footer={<div className="k-row k-end"><span className="k-faint k-grow">{lines > 0 && `${lines} 行`}</span><Button onClick={close}>关闭</Button><Button type="primary" disabled={lines === 0} loading={busy} onClick={() => void join()}>补上收件人</Button></div>}
    >
      <p className="k-gap k-faint">一行一单：单号 姓名 电话 地址，顺序随意，可以直接从表格里复制。</p>
      <Input.TextArea
        autoFocus
        rows={14}
        value={text}
        autoComplete="off"
        placeholder={'6921…0417  王小明  138…  浙江省 金华市 义乌市 稠城街道…\n…'}
        onChange={(e) => setText(e.target.value)}
      />
      {done && done.problems.length > 0 && (
        <div className="o-problems">
          <b className="k-amber">还有 {done.problems.length} 行没补上（留在上面，改好再点一次）</b>
          {done.problems.map((p) => <p key={p.row}>{p.reason}。{p.fix}</p>)}
        </div>
      )}
    </Drawer>
  );
}
