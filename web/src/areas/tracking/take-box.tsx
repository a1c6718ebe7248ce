import { Button, Input, Select } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { upload } from '@api/files';
import { post } from '@api/http';
import { itemsOf, useApi } from '@api/queries';
import type { components } from '@api/schema';
import type { ActionAnswer } from '@api/shapes';
import { ActionButton, DropZone, Panel, to, useAct } from '@kit/index';

type Taken = components['schemas']['TakenFile'];
type TakenFiles = components['schemas']['TakenFiles'];

/** What became of the last files and texts: each taken file with its way back, one that has to be asked leads to its card. */
function Last({ said, files, taken }: { said: string; files: readonly Taken[]; taken: (file: Taken) => void }) {
  return (
    <div className="tracking-last">
      {said && <strong>{said}</strong>}
      {files.filter((f) => f.undo).map((f) => (
        <span key={f.name}>
          {f.name} <ActionButton label="撤销" look="link" run={(key) => post<ActionAnswer>(`/api/undo/${f.undo}`, {}, { key })} after={() => taken(f)} />
        </span>
      ))}
      {files.filter((f) => f.why !== '').map((f) => (
        <span key={f.name} className="k-amber">
          {f.name}：{f.why} {f.import_id && <Link to={to('import')}>去确认</Link>}
        </span>
      ))}
    </div>
  );
}

/** One big box: type or paste chat text, or drop files anywhere. */
export function TakeBox() {
  const [text, setText] = useState('');
  const [said, setSaid] = useState('');
  const [files, setFiles] = useState<readonly Taken[]>([]);
  const [whose, setWhose] = useState<string | undefined>();
  const suppliers = itemsOf(useApi<{ items: { id: string; name: string }[] }>('/api/suppliers').data);
  const { act, busy } = useAct();
  const paste = () =>
    act((key) => post<ActionAnswer>('/api/tracking/text', { text, supplier_id: whose ?? null }, { key }), {
      after: (answer) => {
        setText('');
        setFiles([]);
        setSaid(answer?.message ?? '');
      },
    });
  const take = (dropped: File[]) => {
    let got: TakenFiles | null = null;
    void act(
      async (key) => {
        got = await upload<TakenFiles>('/api/tracking/files', dropped, { key, ...(whose && { fields: { supplier_id: whose } }) });
        return got as ActionAnswer;
      },
      {
        after: (answer) => {
          setFiles(got?.files ?? []);
          setSaid(answer?.message ?? '');
        },
      },
    );
  };
  return (
    <Panel title="供应商发来的单号" extra={<span className="k-faint k-small">文件、聊天记录都可以</span>}>
      <div className="k-stack">
        <Input.TextArea
          value={text}
          onChange={(e) => setText(e.target.value)}
          onKeyDown={(e) => {
            if (e.key === 'Enter' && (e.ctrlKey || e.metaKey) && text.trim()) void paste();
          }}
          rows={5}
          placeholder={'把聊天里的单号粘贴到这里，例如：\n李四 尾号1234 中通 73123456789012\nP251125-恒达-003 圆通 YT1234567890123'}
        />
        <Select
          allowClear
          showSearch
          optionFilterProp="label"
          value={whose}
          onChange={setWhose}
          placeholder="是哪家供应商的（不选也行；选了只对他的采购单）"
          options={suppliers.map((s) => ({ value: s.id, label: s.name }))}
        />
        <div className="k-row">
          <Button type="primary" loading={busy} disabled={!text.trim()} onClick={() => void paste()}>
            登记单号
          </Button>
          <span className="k-faint k-small">Ctrl+Enter</span>
          <div className="k-grow">
            <DropZone small title="或拖入供应商的回单文件" hint="xlsx / xls / csv / txt，可以一次拖多个" accept=".xlsx,.xls,.csv,.txt,.zip" onFiles={take} veil="松手，登记单号" />
          </div>
        </div>
        <Last said={said} files={files} taken={(back) => setFiles(files.filter((f) => f !== back))} />
      </div>
    </Panel>
  );
}
