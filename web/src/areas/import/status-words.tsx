import { Select } from 'antd';
import { count, Panel } from '@kit/index';
import type { Detail } from './types';

interface Props {
  card: Detail;
  said: Readonly<Record<string, string>>;
  say: (key: string, meaning: string) => void;
}

/** 状态对照: status words of this file that nobody knew; a person says what each means. */
export function Words({ card, said, say }: Props) {
  return (
    <Panel title="状态对照：没见过的状态是什么意思">
      <div className="k-stack">
        {card.words.map((w) => (
          <label key={w.key} className="k-row">
            <span className="k-grow">{w.field}“<b>{w.word}</b>”{w.rows > 0 && <span className="k-faint">　{count(w.rows)} 行</span>}</span>
            <Select
              style={{ width: 200 }}
              aria-label={`${w.word}是什么意思`}
              placeholder="是什么意思"
              value={said[w.key] ?? (w.meaning || null)}
              options={w.choices.map((c) => ({ value: c.key, label: c.label }))}
              onChange={(meaning: string) => say(w.key, meaning)}
            />
          </label>
        ))}
      </div>
    </Panel>
  );
}
