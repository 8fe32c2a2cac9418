// Bytes on a socket, for what no decent client sends.
import net from 'node:net';
import { checkAnswer } from './api.mjs';

/** Sends the chunks, then reads to the end of the connection or of the time. */
export function exchange(port, chunks, { halfClose = false, milliseconds = 5_000, untilAnswer = true } = {}) {
  return new Promise((resolve) => {
    const received = [];
    const socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    const finish = () => {
      clearTimeout(timer);
      socket.destroy();
      resolve(Buffer.concat(received).toString('utf8'));
    };
    const timer = setTimeout(finish, milliseconds);
    socket.on('data', (data) => {
      received.push(data);
      if (untilAnswer && complete(Buffer.concat(received).toString('latin1'))) finish();
    });
    socket.on('end', finish);
    socket.on('error', finish);
    socket.on('close', finish);
    for (const chunk of [chunks].flat()) socket.write(chunk);
    if (halfClose) socket.end();
  });
}

function complete(text) {
  const head = text.indexOf('\r\n\r\n');
  if (head < 0) return false;
  const length = /\r\ncontent-length: *(\d+)/i.exec(text.slice(0, head));
  return length !== null && text.length - head - 4 >= Number(length[1]);
}

/** The answer in what came, held to the contract; null when the server only closed. */
export function answerIn(text, what) {
  if (text === '') return null;
  const [head, ...rest] = text.split('\r\n\r\n');
  const [line, ...lines] = head.split('\r\n');
  const headers = new Headers(lines.map((header) => [header.slice(0, header.indexOf(':')), header.slice(header.indexOf(':') + 1).trim()]));
  const body = rest.join('\r\n\r\n');
  const answer = { status: Number(line.split(' ')[1]), headers, text: body };
  if (/[/+]json\b/.test(headers.get('content-type') ?? '') && body) answer.body = JSON.parse(body);
  checkAnswer(answer, what);
  return answer;
}

export function request(method, target, { headers = {}, body, token } = {}) {
  const all = { Host: 'caravan.test', ...(token && { Authorization: `Bearer ${token}` }), ...headers };
  if (body !== undefined) {
    all['Content-Type'] ??= 'application/json';
    all['Content-Length'] ??= Buffer.byteLength(body);
  }
  const head = `${method} ${target} HTTP/1.1\r\n${Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), Buffer.from(body ?? '')]);
}
