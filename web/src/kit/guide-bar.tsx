import { CheckCircleFilled, CheckOutlined, CloseOutlined } from '@ant-design/icons';
import { Button, Tooltip } from 'antd';
import { Link } from 'react-router';
import { useStations } from './day-line';
import { guideOf, GUIDED, type GuideStep } from './guide';
import { usePreference } from './preferences';

/** Whether this person has put the guide away. */
export const useGuideShut = () => usePreference<boolean>('guide_shut');

function Step({ step, now }: { step: GuideStep; now: boolean }) {
  const classes = ['k-guide-step', `k-guide-${step.state}`, now && 'k-guide-now'].filter(Boolean).join(' ');
  return (
    <li className={classes} {...(now && { 'aria-current': 'step' as const })}>
      <Link to={step.to} title={step.state === 'open' ? step.text : undefined}>
        <i>{step.state === 'done' && <CheckOutlined />}</i>{step.name}
      </Link>
    </li>
  );
}

/** Leads through the day in five steps on the screens of the day, until it is put away. */
export function GuideBar({ here }: { here: string }) {
  const { data } = useStations();
  const [shut, setShut] = useGuideShut();
  if (!data || shut || !GUIDED.includes(here)) return null;
  const guide = guideOf(data);
  const step = guide.steps[guide.now];
  const there = step?.to.split('?')[0] === here;
  return (
    <section className="k-guide" aria-label="今天分五步">
      <ol>{guide.steps.map((s, i) => <Step key={s.name} step={s} now={i === guide.now} />)}</ol>
      {step ? (
        <p><b>现在：{step.name}</b><span>{step.text}</span>{there ? <span className="k-faint">就在这一页</span> : <Link to={step.to}>{step.verb} →</Link>}</p>
      ) : (
        <p className="k-guide-over"><CheckCircleFilled /><b>今天的单都做完了</b><span>{guide.waits || '有新文件再从导入开始'}</span></p>
      )}
      <Tooltip title="收起引导；在“今日”可以再打开"><Button type="text" size="small" icon={<CloseOutlined />} aria-label="收起引导" onClick={() => setShut(true)} /></Tooltip>
    </section>
  );
}
