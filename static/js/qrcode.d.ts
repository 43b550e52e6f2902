/** What we use of qrcode-generator; its own declarations name no ES module. */

interface QrCode {
  addData(text: string): void;
  make(): void;
  getModuleCount(): number;
  isDark(row: number, column: number): boolean;
}

/** @param version 0 picks the smallest that fits */
export default function qrcode(version: number, correction: 'L' | 'M' | 'Q' | 'H'): QrCode;
