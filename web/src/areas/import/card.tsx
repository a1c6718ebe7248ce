import { CheckCircleFilled, DeleteOutlined, ExclamationCircleFilled, LoadingOutlined } from '@ant-design/icons';
import { Button, Progress, Tooltip } from 'antd';
import { useNavigate } from 'react-router';
import { post } from '@api/http';
import type { ActionAnswer } from '@api/shapes';
import { ActionButton, count, PlatformBadge, share, shortTime, taskLine, Time, useLiveTasks, useNow } from '@kit/index';
import { Ask } from './asks';
import { resultOf, runImports } from './run';
import { isMoving, type Card, type RunOut } from './types';

const STATES: Record<string, string> = { reading: '正在读取', queued: '排队等待导入', running: '正在导入' };

/** What a file is, in one line. */
function heading(card: Card): string {
  if (card.state === 'password') return '有密码的文件';
  if (card.state === 'failed') return '读不了的文件';
  const what = card.label || card.kind_label;
  const who = card.shop?.name ?? card.supplier;
  return [what, who].filter(Boolean).join(' · ');
}

function Facts({ card }: { card: Card }) {
  const now = useNow();
  const parts = [
    card.sheet && card.sheet !== 'Sheet1' && !card.file.includes(card.sheet) ? `表“${card.sheet}”` : '',
    card.header_row > 1 ? `表头在第 ${card.header_row} 行` : '',
    card.rows > 0 ? `${count(card.rows)} 行` : '',
    card.orders > 0 ? `${count(card.orders)} 单` : '',
    card.date_from && card.date_to ? `${shortTime(card.date_from, now)} 至 ${shortTime(card.date_to, now)}` : '',
    card.template ? `模板“${card.template}”` : '',
  ];
  return <span className="k-faint i-facts">{parts.filter(Boolean).join(' · ')}</span>;
}

/** How far a running import is. */
function Going({ card }: { card: Card }) {
  const task = useLiveTasks().find((t) => t.id === card.task_id);
  if (!task?.total) return <span className="k-faint"><LoadingOutlined /> {STATES[card.state]}</span>;
  return (
    <div className="i-ask">
      <span className="k-faint"><LoadingOutlined /> {STATES[card.state]} · {taskLine(task)}</span>
      <Progress percent={Math.floor(share(task) * 100)} size="small" />
    </div>
  );
}

function Verdict({ card, onOpen }: { card: Card; onOpen: () => void }) {
  if (card.state === 'running') return <Going card={card} />;
  if (isMoving(card.state)) return <span className="k-faint"><LoadingOutlined /> {STATES[card.state]}</span>;
  if (!card.ready) {
    return (
      <div className="i-ask">
        <span className="k-amber"><ExclamationCircleFilled /> {card.why_not}</span>
        <Ask card={card} onOpen={onOpen} />
      </div>
    );
  }
  return (
    <div className="i-ask">
      <span className="i-ready"><CheckCircleFilled /> 可直接导入</span>
      {card.errors > 0 && <span className="k-amber k-small">其中 {card.errors} 行有问题，会退回给您改</span>}
      {card.unknown_words > 0 && <Button size="small" onClick={onOpen}>有 {card.unknown_words} 个没见过的状态</Button>}
      {card.imported_before && <span className="k-amber k-small">同一个文件 <Time at={card.imported_before} /> 导入过</span>}
      {card.as_of && card.needs_shop && <span className="k-faint k-small">数据截至 <Time at={card.as_of} /></span>}
    </div>
  );
}

interface FileCardProps {
  card: Card;
  /** Whether it is the only one: the screen's button is then its own. */
  alone: boolean;
  onOpen: () => void;
}

/** One file on the table: what it is, how much, and one verdict. */
export function FileCard({ card, alone, onOpen }: FileCardProps) {
  const go = useNavigate();
  const platform = card.shop?.platform ?? card.platform;
  const still = !isMoving(card.state);
  return (
    <article className={card.ready || !still ? 'i-card' : 'i-card i-card-asks'}>
      <div className="i-what">
        <div className="k-row i-name">
          {platform && <PlatformBadge platform={platform} />}
          <strong className="k-cut" title={heading(card)}>{heading(card)}</strong>
        </div>
        <div className="i-line k-small">
          <span className="k-cut" title={card.file}>{card.file}</span>
          <Facts card={card} />
        </div>
      </div>
      <Verdict card={card} onOpen={onOpen} />
      <div className="k-row i-acts">
        {card.ready && !alone && <ActionButton label="导入" run={(key) => runImports([card.id], key)} after={(started) => void go(resultOf(started as RunOut))} />}
        {still && card.header_row > 0 && <Button onClick={onOpen}>看列</Button>}
        {still && (
          <Tooltip title="移除这个文件">
            <span><ActionButton label="" icon={<DeleteOutlined />} look="link" run={(key) => post<ActionAnswer>(`/api/imports/${card.id}/discard`, {}, { key })} refresh={['/api/imports', '/api/today']} /></span>
          </Tooltip>
        )}
      </div>
    </article>
  );
}
