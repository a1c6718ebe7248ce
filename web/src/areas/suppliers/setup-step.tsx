import { Button, Input } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { post } from '@api/http';
import { itemsOf, useApi } from '@api/queries';
import type { ActionAnswer } from '@api/shapes';
import { ACCEPTED, ActionButton, DropZone, sendFiles, to, useTellError } from '@kit/index';
import type { Row } from './types';

/** Suppliers by name, or by their price lists; terms can follow. */
export default function SuppliersStep({ next }: { next: () => void }) {
  const tell = useTellError();
  const known = itemsOf(useApi<{ items: Row[] }>('/api/suppliers').data);
  const [names, setNames] = useState('');
  const [sent, setSent] = useState(0);
  const wanted = [...new Set(names.split(/[\n,，、]+/).map((n) => n.trim()).filter(Boolean))].filter((n) => !known.some((s) => s.name === n));
  const here = known.length > 0 || sent > 0;
  const add = async () => {
    for (const name of wanted) await post<ActionAnswer>('/api/suppliers', { name });
    setNames('');
    return { message: `已新增 ${wanted.length} 家` };
  };
  return (
    <div className="k-stack">
      <DropZone small title="拖供应商的报价表或名单进来" hint="报价表导入后，供应商会自动建好" accept={ACCEPTED} onFiles={(files) => void sendFiles(files, tell).then((ids) => setSent((before) => before + ids.length))} />
      {sent > 0 && <p>已收到 {sent} 个文件，最后一步后在导入页确认。</p>}
      <Input.TextArea rows={4} placeholder={'或者一行写一家的名称，例如：\n恒达百货\n义乌优选'} value={names} onChange={(e) => setNames(e.target.value)} />
      {known.length > 0 && <p>已有：{known.map((s, i) => <span key={s.id}>{i > 0 && '、'}<Link to={to('suppliers', { open: s.id })}>{s.name}</Link></span>)}</p>}
      <div className="k-row">
        {(wanted.length > 0 || !here) && (
          <ActionButton label={wanted.length > 0 ? `新增 ${wanted.length} 家` : '新增'} look="primary" why={wanted.length === 0 && '先写供应商的名称，或拖一份报价表进来'} run={add} refresh={['/api/suppliers']} />
        )}
        <Button type={wanted.length > 0 || !here ? 'default' : 'primary'} onClick={next}>{here ? '下一步' : '先跳过'}</Button>
      </div>
    </div>
  );
}
