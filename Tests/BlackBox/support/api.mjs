// A client that holds every answer to what the contract says about all answers.
import assert from 'node:assert/strict';

export const ZERO_ID = '00000000-0000-1000-8000-000000000000';
export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
export const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
export const PROBLEM_CODES = new Set([
  'invalid_request', 'too_large', 'headers_too_large', 'timeout', 'unauthorized', 'not_found', 'method_not_allowed',
  'rate_limited', 'unavailable', 'username_taken', 'invalid_credentials', 'refresh_reused', 'not_configured',
  'user_not_found', 'blocked', 'chat_not_found', 'key_reused', 'too_many_streams',
]);

export class Api {
  constructor(base, token) {
    this.base = base;
    this.token = token;
  }

  async call(method, path, { json, body, headers = {} } = {}) {
    const sent = { ...headers };
    if (this.token && !('authorization' in sent)) sent.authorization = `Bearer ${this.token}`;
    if (json !== undefined) body = JSON.stringify(json);
    if (body !== undefined && !('content-type' in sent)) sent['content-type'] = 'application/json';
    const response = await fetch(this.base + path, { method, headers: sent, body, redirect: 'manual', signal: AbortSignal.timeout(20_000) });
    const text = await response.text();
    const answer = { status: response.status, headers: response.headers, text, body: parsed(response.headers.get('content-type'), text) };
    checkAnswer(answer, `${method} ${path}`, method === 'HEAD');
    return answer;
  }

  get(path, headers) { return this.call('GET', path, { headers }); }
  delete(path, headers) { return this.call('DELETE', path, { headers }); }
  post(path, json, headers) { return this.call('POST', path, { json, headers }); }
  put(path, json, headers) { return this.call('PUT', path, { json, headers }); }
  patch(path, json, headers) { return this.call('PATCH', path, { json, headers }); }

  async direct(other) {
    const answer = await this.post('/chat', { user_id: other.id });
    assert.ok([200, 201].includes(answer.status), answer.text);
    return answer.body;
  }

  async group(title, ...others) {
    const answer = await this.post('/chat', { members: others.map((other) => other.id), title });
    assert.equal(answer.status, 201, answer.text);
    return answer.body;
  }

  async send(chat, text, headers) {
    const answer = await this.post(`/chat/${chat.id}`, { text }, headers);
    assert.equal(answer.status, 201, answer.text);
    return answer.body;
  }

  async info(chat) {
    const answer = await this.get(`/chat/${chat.id}/info`);
    assert.equal(answer.status, 200, answer.text);
    return answer.body;
  }

  /** Every page of a list, following `next`. */
  async pages(path, field, quantity) {
    const pages = [];
    for (let after = null; pages.length < 1000;) {
      const query = new URLSearchParams({ quantity, ...(after !== null && { after }) });
      const answer = await this.get(`${path}${path.includes('?') ? '&' : '?'}${query}`);
      assert.equal(answer.status, 200, answer.text);
      pages.push(answer.body[field]);
      assert.ok(answer.body[field].length <= quantity);
      after = answer.body.next;
      if (after === null) return pages;
    }
    throw new Error(`${path} never ends`);
  }
}

function parsed(type, text) {
  return /[/+]json\b/.test(type ?? '') && text !== '' ? JSON.parse(text) : undefined;
}

/** Never a 5xx; errors are problems with a known code; every answer carries a request id and the security headers. */
export function checkAnswer(answer, what, bodiless = false) {
  const label = `${what} answered ${answer.status} ${answer.text.slice(0, 300)}`;
  assert.ok(answer.status < 500, label);
  const requestId = answer.headers.get('x-request-id');
  assert.ok(requestId, `${label}: no X-Request-Id`);
  assert.equal(answer.headers.get('x-content-type-options'), 'nosniff', label);
  assert.equal(answer.headers.get('access-control-allow-origin'), null, `${label}: no origin is configured`);
  if (answer.status === 204) assert.equal(answer.text, '', label);
  if (answer.status < 400) return;
  assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json\b/, label);
  if (answer.status === 429) assert.match(answer.headers.get('retry-after') ?? '', /^\d+$/, label);
  if (answer.status === 405) assert.ok(answer.headers.get('allow'), label);
  if (bodiless) return;
  const { type, title, status, detail, request_id } = answer.body ?? {};
  assert.match(type ?? '', /^\/problems\/[a-z_]+$/, label);
  answer.code = type.slice('/problems/'.length);
  assert.ok(PROBLEM_CODES.has(answer.code), label);
  assert.equal(typeof title, 'string', label);
  assert.equal(status, answer.status, label);
  assert.equal(typeof detail, 'string', label);
  assert.equal(request_id, requestId, label);
}

export function assertProblem(answer, status, code, naming) {
  assert.equal(`${answer.status} ${answer.code}`, `${status} ${code}`, answer.text);
  if (naming) assert.ok(answer.body.detail.includes(naming), `'${answer.body.detail}' does not name ${naming}`);
}

export function assertUser(user) {
  assert.match(user.id, UUID);
  assert.match(user.username, /^[a-z0-9_.-]{3,32}$/);
  assert.equal(typeof user.display_name, 'string');
  assert.match(user.created_at, TIME);
}
