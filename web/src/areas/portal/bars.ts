import { BarcodeFormat, BinaryBitmap, Code128Reader, Code39Reader, DecodeHintType, HybridBinarizer, QRCodeReader, RGBLuminanceSource, type Reader } from '@zxing/library';

/** A picture as a canvas gives it: four bytes a pixel. */
export interface Picture {
  data: Uint8ClampedArray;
  width: number;
  height: number;
}

const HINTS = new Map<DecodeHintType, unknown>([
  [DecodeHintType.TRY_HARDER, true],
  [DecodeHintType.POSSIBLE_FORMATS, [BarcodeFormat.CODE_128, BarcodeFormat.CODE_39, BarcodeFormat.QR_CODE]],
]);
const READERS: readonly Reader[] = [new Code128Reader(), new QRCodeReader(), new Code39Reader()];

function grey({ data, width, height }: Picture): Uint8ClampedArray {
  const found = new Uint8ClampedArray(width * height);
  for (let i = 0; i < found.length; i += 1) {
    const at = i * 4;
    found[i] = ((data[at] ?? 0) * 306 + (data[at + 1] ?? 0) * 601 + (data[at + 2] ?? 0) * 117) >> 10;
  }
  return found;
}

/** The text of the waybill's code in a picture (Code 128, QR, Code 39); null when there is none. */
export function readBars(picture: Picture): string | null {
  const bitmap = new BinaryBitmap(new HybridBinarizer(new RGBLuminanceSource(grey(picture), picture.width, picture.height)));
  for (const reader of READERS) {
    try {
      return reader.decode(bitmap, HINTS).getText();
    } catch {
      // Each reader says "not found" by throwing; the next one looks, then the next picture.
      reader.reset();
    }
  }
  return null;
}
