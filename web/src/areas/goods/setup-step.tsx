import { Button } from 'antd';
import { useState } from 'react';
import { download } from '@api/files';
import { useApi } from '@api/queries';
import type { Counts } from '@api/shapes';
import { ACCEPTED, DropZone, sendFiles, useTellError } from '@kit/index';

/** Goods by file, or later: order files bring what is missing. */
export default function GoodsStep({ next }: { next: () => void }) {
  const tell = useTellError();
  const [sent, setSent] = useState(0);
  const here = useApi<Counts>('/api/goods/counts').data?.counts['all'] ?? 0;
  const take = (files: File[]) => void sendFiles(files, tell).then((ids) => setSent((before) => before + ids.length));
  return (
    <div className="k-stack">
      <DropZone title="把商品表、供应商报价拖到这里" hint="xlsx、xls、csv 都行，列名不用一样" accept={ACCEPTED} onFiles={take} />
      {sent > 0 && <p>已收到 {sent} 个文件。完成后会打开导入页，看一眼就能导入。</p>}
      {here > 0 && <p>已有 {here} 个规格。</p>}
      <div className="k-row">
        <Button type={sent > 0 || here > 0 ? 'primary' : 'default'} onClick={next}>{sent > 0 || here > 0 ? '完成，去导入' : '先跳过，直接导入订单'}</Button>
        <Button type="link" onClick={() => void download('/api/import-blanks/goods').catch(tell)}>下载商品空白模板</Button>
      </div>
    </div>
  );
}
