import { createSocket } from 'node:dgram';
import { once } from 'node:events';

export interface TestDns {
  /** `ADDRESS:PORT`, for resolvers. */
  readonly server: string;
  /** Every question that has come, as `A name`. */
  readonly questions: string[];
  stop(): Promise<void>;
}

const HEAD_BYTES = 12;
type RecordType = 'A' | 'AAAA' | 'NS';
const NUMBERS: Readonly<Record<RecordType, number>> = { A: 1, NS: 2, AAAA: 28 };
const TYPES = new Map(Object.entries(NUMBERS).map(([type, number]) => [number, type as RecordType]));
/** An answer with recursion, and the same saying that there is no such name. */
const [FOUND, NO_SUCH_NAME] = [0x8180, 0x8183];

/**
 * A DNS server on loopback whose answers may be another one each time: `answer` is asked for what a name has, with how
 * often that very question has come before. `null`: it keeps silent.
 */
export async function startDnsServer(
  answer: (name: string, type: RecordType, before: number) => readonly string[] | null,
): Promise<TestDns> {
  const questions: string[] = [];
  const socket = createSocket('udp4');
  socket.on('message', (message, { port, address }) => {
    const { name, end } = nameIn(message);
    const type = TYPES.get(message.readUInt16BE(end));
    const question = `${type ?? 'other'} ${name}`;
    const before = questions.filter((asked) => asked === question).length;
    questions.push(question);
    const found = type === undefined ? [] : answer(name, type, before);
    if (found === null) return;
    const records =
      type === undefined
        ? []
        : found.map((text) => record(NUMBERS[type], type === 'NS' ? bytesOfName(text) : bytesOf(text)));
    const head = Buffer.from(message.subarray(0, HEAD_BYTES));
    head.writeUInt16BE(found.length > 0 ? FOUND : NO_SUCH_NAME, 2);
    head.writeUInt16BE(found.length, 6);
    head.writeUInt32BE(0, 8);
    socket.send(Buffer.concat([head, message.subarray(HEAD_BYTES, end + 4), ...records]), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    server: `127.0.0.1:${socket.address().port}`,
    questions,
    stop: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

function nameIn(message: Buffer): { readonly name: string; readonly end: number } {
  const labels: string[] = [];
  let at = HEAD_BYTES;
  for (let length = message[at] ?? 0; length > 0; length = message[at] ?? 0) {
    labels.push(message.toString('ascii', at + 1, at + 1 + length));
    at += length + 1;
  }
  return { name: labels.join('.').toLowerCase(), end: at + 1 };
}

/** Of the name that was asked for, good for no second. */
function record(type: number, data: Buffer): Buffer {
  const head = Buffer.from([0xc0, HEAD_BYTES, 0, type, 0, 1, 0, 0, 0, 0, 0, data.length]);
  return Buffer.concat([head, data]);
}

function bytesOfName(name: string): Buffer {
  const labels = [...name.split('.'), ''];
  return Buffer.concat(labels.map((label) => Buffer.concat([Buffer.of(label.length), Buffer.from(label)])));
}

function bytesOf(address: string): Buffer {
  if (!address.includes(':')) return Buffer.from(address.split('.').map(Number));
  const [before = '', after = ''] = address.split('::');
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const [head, tail] = [groups(before), groups(after)];
  const middle = address.includes('::') ? Array<string>(8 - head.length - tail.length).fill('0') : [];
  return Buffer.from([...head, ...middle, ...tail].map((group) => group.padStart(4, '0')).join(''), 'hex');
}
