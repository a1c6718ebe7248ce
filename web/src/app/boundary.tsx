import { Button } from 'antd';
import { Link, useRouteError } from 'react-router';
import { sentence } from '@api/errors';
import { Note } from '@kit/list/failed';

/** A new release replaced the files that this window still asks for. */
const isOutdated = (error: unknown) => error instanceof TypeError && /dynamically imported module|module script/i.test(error.message);

/** A screen that failed: the rest of the product stays usable. */
export function Broken() {
  const error = useRouteError();
  const outdated = isOutdated(error);
  const text = outdated ? '程序已经更新，这个窗口还是旧版本。' : sentence(error);
  return (
    <Note title={outdated ? '请刷新页面' : '这一页没有打开'} text={`${text} 已经提交的操作不受影响。`}>
      <Button type="primary" onClick={() => window.location.reload()}>刷新页面</Button>
      <Link to="/today"><Button>回到今日</Button></Link>
    </Note>
  );
}

export function Missing() {
  return <Note title="没有这一页" text="地址可能写错了，或者这条记录已经不在。"><Link to="/today"><Button type="primary">回到今日</Button></Link></Note>;
}
