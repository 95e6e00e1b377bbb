// The phone of the simulator: shows the lines that come by SSE and posts what is done.
'use strict';

const { account, customer } = document.body.dataset;
const log = document.getElementById('log');
const form = document.getElementById('form');
const input = document.getElementById('text');
const fault = document.getElementById('fault');

const kinds = {
  image: '图片', voice: '语音', video: '视频', file: '文件', location: '位置', link: '链接',
  miniprogram: '小程序', business_card: '名片', ca_link: '名片链接',
};
const states = ['还没有人接待', '由程序接待', '在接待池排队', '由接待人员接待', '已结束或未开始'];
const staff = { SimXiaoWang: '小王', SimXiaoLi: '小李' };
const undoable = 2 * 60 * 1000; // how long a message can be taken back
const clock = new Intl.DateTimeFormat('zh-CN', { hour: '2-digit', minute: '2-digit', hour12: false });
const day = new Intl.DateTimeFormat('zh-CN', {
  month: 'long', day: 'numeric', hour: '2-digit', minute: '2-digit', hour12: false,
});

const serviceFace = [...document.querySelector('h1').textContent][0];
const shown = new Map(); // line number → its element
let lastTime = 0;
let entered = false;
let run = '';

function element(tag, className, text) {
  const e = document.createElement(tag);
  if (className) e.className = className;
  if (text !== undefined) e.textContent = text;
  return e;
}

async function post(what, fields) {
  let words = '没有发出去：模拟器没有应答，请看看它是不是还开着。';
  try {
    const response = await fetch(what, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ customer, account, ...fields }),
    });
    if (response.ok) {
      fault.hidden = true;
      return true;
    }
    words = '没有发出去：' + await response.text();
  } catch {
    // The words above tell it.
  }
  fault.textContent = words;
  fault.hidden = false;
  return false;
}

// linked puts a text into an element, its web addresses as links.
function linked(target, text) {
  let end = 0;
  for (const m of text.matchAll(/https?:\/\/[\w\-.~:/?#@!$&'*+,;=%]+/g)) {
    target.append(text.slice(end, m.index), outward(m[0], m[0]));
    end = m.index + m[0].length;
  }
  target.append(text.slice(end));
}

function outward(url, text) {
  const a = element('a', '', text);
  if (/^https?:/.test(url)) a.href = url;
  a.target = '_blank';
  a.rel = 'noopener noreferrer';
  return a;
}

function menuLine(item) {
  switch (item.type) {
    case 'click': {
      const button = element('button', '', item.click.content);
      button.type = 'button';
      button.addEventListener('click', () => {
        post('tap', { menu_id: item.click.id, text: item.click.content });
      });
      return button;
    }
    case 'view':
      return outward(item.view.url, item.view.content);
    case 'miniprogram':
      return element('span', '', `${item.miniprogram.content}（小程序）`);
    default:
      return element('span', '', item.text.content);
  }
}

function menuBubble(menu) {
  const bubble = element('div', 'bubble menu');
  if (menu.head_content) linked(bubble.appendChild(element('div')), menu.head_content);
  for (const item of menu.list ?? []) bubble.append(menuLine(item));
  if (menu.tail_content) linked(bubble.appendChild(element('div')), menu.tail_content);
  return bubble;
}

function bubbleOf(line) {
  if (line.menu) return menuBubble(line.menu);
  const bubble = element('div', 'bubble');
  const named = line.type === 'text' || line.text?.startsWith('〔');
  linked(bubble, named ? line.text : `〔${kinds[line.type] ?? line.type}〕${line.text ?? ''}`);
  return bubble;
}

function timeLine(time) {
  if (time - lastTime > 5 * 60 * 1000) {
    const today = new Date().toDateString() === time.toDateString();
    log.append(element('p', 'notice', (today ? clock : day).format(time)));
  }
  lastTime = time;
}

function undoButton(line) {
  const left = new Date(line.time).getTime() + undoable - Date.now();
  if (left <= 0) return '';
  const button = element('button', 'undo', '撤回');
  button.type = 'button';
  button.addEventListener('click', () => post('recall', { msgid: line.msgid }));
  setTimeout(() => button.remove(), Math.min(left, undoable));
  return button;
}

function row(line) {
  const mine = line.from === 'customer';
  const e = element('div', mine ? 'row mine' : 'row');
  const face = element('div', 'face', mine ? '我' : serviceFace);
  face.setAttribute('aria-hidden', 'true');
  const what = element('div', 'what');
  what.append(bubbleOf(line));
  if (line.cut) what.append(element('p', 'aside', '平台在 2048 字节处截断了这条消息'));
  if (line.event) what.append(element('p', 'aside', '凭事件的 code 送出，一码只送一条'));
  if (mine) what.append(undoButton(line));
  e.append(face, what);
  return e;
}

function show(line) {
  if (shown.has(line.n)) return;
  const following = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  timeLine(new Date(line.time));
  const e = line.from === 'notice' ? element('p', 'notice', line.text) : row(line);
  shown.set(line.n, e);
  shown.get(line.recalls)?.classList.add('gone');
  log.append(e);
  if (following || line.from === 'customer') log.scrollTop = log.scrollHeight;
}

function showStatus(s) {
  const set = (id, text) => { document.getElementById(id).textContent = text; };
  set('state', states[s.state] + (s.agent ? `（${staff[s.agent] ?? s.agent}）` : ''));
  set('left', s.until ? `${s.left} 条` : '客户还没有写过');
  set('until', s.until ? day.format(new Date(s.until)) : '—');
}

const query = new URLSearchParams({ customer, account });
const source = new EventSource(`events?${query}`);
source.addEventListener('line', (e) => show(JSON.parse(e.data)));
source.addEventListener('status', (e) => {
  const status = JSON.parse(e.data);
  if (run && run !== status.run) location.reload(); // the simulator was started anew
  run = status.run;
  showStatus(status);
  fault.hidden = true;
  if (!entered && shown.size === 0) post('enter', {});
  entered = true;
});
source.addEventListener('error', () => {
  fault.textContent = '和模拟器的连接断了，正在重新连接……';
  fault.hidden = false;
});

function fit() {
  input.style.height = 'auto';
  input.style.height = `${input.scrollHeight + 2}px`;
}

form.addEventListener('submit', async (e) => {
  e.preventDefault();
  const text = input.value;
  if (!text.trim()) return;
  input.value = '';
  fit();
  if (!await post('say', { text })) {
    input.value = text + input.value;
    fit();
  }
  input.focus();
});
input.addEventListener('input', fit);
input.addEventListener('keydown', (e) => {
  if (e.key === 'Enter' && !e.shiftKey && !e.isComposing) {
    e.preventDefault();
    form.requestSubmit();
  }
});
