/** Why there is no scanning here, in words; null when the camera may be asked for. */
export function whyNoCamera(secure: boolean, devices: Pick<MediaDevices, 'getUserMedia'> | undefined): string | null {
  if (!secure) return '这个链接不是 https 开头，浏览器不让用摄像头。请商家发 https 的链接，或手动填单号。';
  if (!devices?.getUserMedia) return '这个浏览器不能用摄像头。请用手机自带的浏览器打开（微信里点右上角“在浏览器打开”），或手动填单号。';
  return null;
}

const FAILED: Readonly<Record<string, string>> = {
  NotAllowedError: '没有允许使用摄像头。请在浏览器的网站设置里允许“相机”，再点扫码；也可以手动填单号。',
  NotFoundError: '这台设备没有摄像头，请手动填单号。',
  OverconstrainedError: '这台设备没有能用的摄像头，请手动填单号。',
  NotReadableError: '摄像头正被别的应用占用。请关掉它再试，或手动填单号。',
};

/** Why the camera did not open, by the browser's own name of the error. */
export const cameraFailed = (error: unknown): string =>
  (error instanceof Error && FAILED[error.name]) || '摄像头没有打开，请再试一次，或手动填单号。';

/** The back camera, as sharp as bars need it. */
export const openCamera = (): Promise<MediaStream> =>
  navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: { ideal: 'environment' }, width: { ideal: 1280 }, height: { ideal: 720 } } });

export const stopCamera = (stream: MediaStream): void => stream.getTracks().forEach((track) => track.stop());
