// The planner, from the command line: figures, units and complaints.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { binary, folder, run } from './program.mjs';

const slice = path.join(path.dirname(fileURLToPath(import.meta.url)), 'fixtures/messenger_dm-slice.csv');
const plan = (...args) => run(['plan', ...args]);
const policy = (report, name) => report.policies.find((row) => row.policy === name);

test('a plan is one JSON object with every policy', () => {
  const done = plan(slice, '--json');
  assert.equal(done.status, 0, done.stderr);
  const report = JSON.parse(done.stdout);
  assert.equal(report.messages, 2000);
  assert.deepEqual(report.policies.map((row) => row.policy), ['google', 'naive', 'classic', 'fixed:3s', 'leading:3s', 'caravan']);
  assert.equal(policy(report, 'naive').writes_per_thousand, 1000);
  assert.equal(policy(report, 'naive').dollars_per_million, '3.00');
  assert.equal(policy(report, 'google').dollars_per_million, '8.80');
  assert.ok(policy(report, 'caravan').writes_per_thousand < 1000);
  assert.equal(report.prices.name, 'nam5');
});

test('the table has a line a policy, and nothing on standard error where that is no terminal', () => {
  const done = plan(slice, '--policy', 'naive', '--policy', 'caravan=leading:2s,fixed:30s', '--per-day', '1000000');
  assert.equal(done.status, 0);
  assert.equal(done.stderr, '');
  assert.match(done.stdout, /^naive +1000\.0 +2000\.0 +0\.0 +3\.00 +88\.02 /m);
  assert.match(done.stdout, /^caravan=leading:2s,fixed:30s /m);
});

test('standard input is taken, gzipped or not', () => {
  const text = readFileSync(slice);
  for (const input of [text, gzipSync(text)]) {
    const done = spawnSync(binary, ['plan', '-', '--json', '--policy', 'naive'], { input, encoding: 'utf8' });
    assert.equal(done.status, 0, done.stderr);
    assert.equal(JSON.parse(done.stdout).messages, 2000);
  }
});

test('prices come from a file, and a bad one is named', (t) => {
  const file = path.join(folder(t), 'prices.json');
  const prices = { name: 'mine', reads_per_100000: '0.01', writes_per_100000: 1, deletes_per_100000: '0' };
  writeFileSync(file, JSON.stringify(prices));
  const done = plan(slice, '--prices', file, '--policy', 'naive', '--json');
  assert.equal(policy(JSON.parse(done.stdout), 'naive').dollars_per_million, '10.20', done.stderr);
  writeFileSync(file, JSON.stringify({ ...prices, reads_per_100000: 'free' }));
  const bad = plan(slice, '--prices', file);
  assert.notEqual(bad.status, 0);
  assert.match(bad.stderr, /reads_per_100000/);
});

test('what is wrong with the traffic is said with its line', (t) => {
  const file = path.join(folder(t), 'traffic.csv');
  const header = 'time_ms,chat,sender,size\n';
  for (const [text, complaint] of [
    [`${header}1,0,0,0\nx,0,0,0\n`, /line 3.*time_ms/], [`${header}2,0,0,0\n1,0,0,0\n`, /line 3.*earlier/],
    [`${header}1,0,0,${'9'.repeat(90)}\n`, /line 2.*digits/], [`${header}${'1'.repeat(5000)}\n`, /line 2/],
    ['1,0,0,0\n', /line 1.*header/], [header, /no message/],
  ]) {
    writeFileSync(file, text);
    const done = plan(file);
    assert.notEqual(done.status, 0);
    assert.match(done.stderr, complaint);
    assert.ok(done.stderr.length < 1000);
  }
  assert.match(plan(path.join(folder(t), 'none.csv')).stderr, /cannot be read/);
  assert.match(plan(slice, '--policy', 'best').stderr, /no policy/);
});

// The two traces of docs/cost.md are too large to be kept here.
const traces = process.env.CARAVAN_TRACES;
const skip = traces ? false : 'CARAVAN_TRACES names no folder with messenger_dm.csv and chitchat.csv.gz';

test('windows on real traces take the known numbers of writes, and Caravan less than 45 %', { skip }, (t) => {
  const known = (report, writes) => {
    for (const [name, expected] of Object.entries(writes)) {
      const found = report(name);
      assert.ok(Math.abs(found - expected) <= 0.5, `${name}: ${found}, not ${expected}`);
    }
  };
  const policies = ['classic', 'idle:3s', 'fixed:3s', 'leading:3s', 'caravan'].flatMap((name) => ['--policy', name]);
  const messenger = JSON.parse(plan(path.join(traces, 'messenger_dm.csv'), '--json', ...policies).stdout);
  known((name) => policy(messenger, name).writes_per_thousand, { classic: 945.8, 'idle:3s': 924.8, 'fixed:3s': 932.2, 'leading:3s': 994.7 });
  const caravan = policy(messenger, 'caravan');
  assert.ok(caravan.writes_per_thousand <= 450 && caravan.delay_looking.mean <= 0.3);
  const chitchat = [1, 2, 3, 4, 5].map((seed) =>
    JSON.parse(plan(path.join(traces, 'chitchat.csv.gz'), '--json', '--dither', String(seed), ...policies).stdout));
  const mean = (name) => chitchat.reduce((sum, report) => sum + policy(report, name).writes_per_thousand, 0) / chitchat.length;
  known(mean, { classic: 954.0, 'idle:3s': 897.3, 'fixed:3s': 906.7, 'leading:3s': 988.6 });
  t.diagnostic(`caravan: ${caravan.writes_per_thousand} and ${mean('caravan').toFixed(1)} writes per 1,000`);
});
