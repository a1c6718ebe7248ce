import { Drawer } from 'antd';
import { shownAs, useShownKeys } from '@kit/keys';

const ALWAYS: readonly { key: string; also?: readonly string[]; label: string }[] = [
  { key: 'Enter', label: '在搜索栏里：查询' },
  { key: 'Ctrl S', label: '在表单里：保存' },
  { key: 'Esc', label: '关闭右侧的详情' },
];

/** The keys that work on this screen right now. */
export function Help({ open, onClose }: { open: boolean; onClose: () => void }) {
  const keys = useShownKeys();
  const shown = keys.filter((k, i) => keys.findIndex((x) => x.key === k.key) === i && k.key !== 'Escape');
  return (
    <Drawer open={open} onClose={onClose} title="快捷键" size={340} rootClassName="k-drawer">
      <dl className="k-keys">
        {[...shown, ...ALWAYS].map((k) => (
          <div key={k.key + k.label}><dt>{[k.key, ...(k.also ?? [])].map((name) => <kbd key={name}>{shownAs(name)}</kbd>)}</dt><dd>{k.label}</dd></div>
        ))}
      </dl>
      <p className="k-faint">文件拖到任何一页松手，就会去导入。单号可以整列粘贴到搜索框，一次最多 500 个。</p>
    </Drawer>
  );
}
