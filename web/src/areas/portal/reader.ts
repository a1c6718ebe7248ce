/** Reads the code that the camera sees: by the browser's own detector where there is one, else by a loaded library. */
export type Look = (video: HTMLVideoElement) => Promise<string | null>;

interface Detector {
  detect: (source: HTMLVideoElement) => Promise<{ rawValue: string }[]>;
}
interface DetectorClass {
  new (options: { formats: string[] }): Detector;
  getSupportedFormats: () => Promise<string[]>;
}

const FORMATS = ['code_128', 'code_39', 'qr_code'];

async function ownDetector(): Promise<Look | null> {
  const found = (window as { BarcodeDetector?: DetectorClass }).BarcodeDetector;
  if (!found) return null;
  const known = await found.getSupportedFormats().catch(() => [] as string[]);
  if (!known.includes('code_128')) return null;
  const detector = new found({ formats: FORMATS.filter((f) => known.includes(f)) });
  return async (video) => (await detector.detect(video))[0]?.rawValue ?? null;
}

async function library(): Promise<Look> {
  const { readBars } = await import('./bars');
  const canvas = document.createElement('canvas');
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  return (video) => {
    const { videoWidth: width, videoHeight: height } = video;
    if (!pen || width === 0) return Promise.resolve(null);
    canvas.width = width;
    canvas.height = height;
    pen.drawImage(video, 0, 0);
    return Promise.resolve(readBars(pen.getImageData(0, 0, width, height)));
  };
}

export const openReader = async (): Promise<Look> => (await ownDetector()) ?? library();
