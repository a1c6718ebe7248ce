import { SearchOutlined } from '@ant-design/icons';
import { Input } from 'antd';
import { useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import type { InputRef } from 'antd';
import { focusSearch, useKeys } from '@kit/keys';
import { readNumbers } from '@kit/list/number-list';
import { to } from '@kit/paths';

/** Find orders by any number they go by: ours, the platform's, the courier's. Many at once may be pasted. */
export function GlobalSearch() {
  const [text, setText] = useState('');
  const box = useRef<InputRef>(null);
  const go = useNavigate();
  // A list on screen has its own search box, which then comes first.
  useKeys([{ key: '/', label: '到搜索框', run: () => (document.querySelector('.k-list [data-search]') ? focusSearch() : box.current?.focus()) }]);
  const search = (words: string) => {
    const { numbers } = readNumbers(words);
    if (numbers.length === 0) return;
    void go(to('orders', { tab: 'all', numbers }));
    setText('');
    box.current?.blur();
  };
  return (
    <Input
      ref={box}
      className="k-global-search"
      variant="filled"
      prefix={<SearchOutlined className="k-faint" />}
      suffix={<kbd>/</kbd>}
      placeholder="订单号、采购单号、运单号"
      value={text}
      onChange={(e) => setText(e.target.value)}
      onPressEnter={() => search(text)}
      onPaste={(e) => {
        const words = e.clipboardData.getData('text');
        if (readNumbers(words).numbers.length < 2) return;
        e.preventDefault();
        search(words);
      }}
    />
  );
}
