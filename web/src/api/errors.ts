/** What the server refused and why: a machine code, a Chinese sentence, and data that belongs to it. */
export class ApiError extends Error {
  override name = 'ApiError';

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly data: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }

  /** Field name → what is wrong with it, where the server says so. */
  get fields(): Record<string, string> {
    const raw = this.data['fields'];
    if (isRecord(raw)) return Object.fromEntries(Object.entries(raw).map(([k, v]) => [k, String(v)]));
    if (!Array.isArray(raw)) return {};
    return Object.fromEntries(raw.filter(isRecord).map((f) => [String(f['field']).replace(/^body\./, ''), String(f['problem'])]));
  }

  /** What to do about it, where the server adds a second sentence. */
  get fix(): string {
    return typeof this.data['fix'] === 'string' ? this.data['fix'] : '';
  }
}

/** The network did not carry the request; whether the server acted is unknown, so the same key must be used again. */
export const OFFLINE = 'offline';

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const BY_STATUS: Record<number, string> = {
  403: '您的账号没有这项权限。请让店主在“成员与权限”里开通。',
  404: '找不到这条记录，它可能已被删除。请刷新列表后再看。',
  413: '文件太大。请拆成几份后再上传。',
  429: '操作太频繁。请稍等一会儿再试。',
  502: '服务正在启动或重启。请等十秒后再试。',
  503: '服务正在启动或重启。请等十秒后再试。',
};

/** Build the error of an answer that is not 2xx, whatever its body looks like. */
export function errorFrom(status: number, body: unknown): ApiError {
  if (isRecord(body) && typeof body['message'] === 'string') {
    const data = isRecord(body['data']) ? body['data'] : {};
    return new ApiError(status, String(body['code'] ?? status), body['message'], data);
  }
  const message = BY_STATUS[status] ?? `服务器出错（${status}）。请稍后再试；还不行，把这个编号和时间发给管理员。`;
  return new ApiError(status, String(status), message);
}

export function offline(): ApiError {
  return new ApiError(0, OFFLINE, '连不上服务器，刚才的操作不确定是否完成。请检查网络，再点一次不会重复执行。');
}

/** One sentence for a toast, from anything that was thrown. */
export function sentence(error: unknown): string {
  if (error instanceof ApiError) return error.fix ? `${error.message} ${error.fix}` : error.message;
  return '页面出错了。请刷新后再试；还不行，请联系管理员。';
}
