// The receptionist's WeCom client: what the platform lets them see comes whole, what they do is posted.
'use strict';

{
  const at = (id) => document.getElementById(id);
  const names = ['未接待', '程序接待', '待接入池', '人工接待', '已结束'];
  let last = null;

  const send = (what, fields) => post(`client/${what}`, fields ?? {});

  function sessionRow(s) {
    const item = element('li');
    const link = element('a');
    link.href = `?${new URLSearchParams({ customer: s.customer, account })}`;
    if (s.customer === customer) link.setAttribute('aria-current', 'true');
    const kind = s.state === 2 ? 'tag pool' : s.mine ? 'tag mine' : 'tag';
    link.append(element('span', '', `客户 ${s.customer}`), element('span', kind, s.mine ? '我在接待' : names[s.state]),
      element('small', 'last', s.last || '—'));
    item.append(link);
    return item;
  }

  function saidRow(l, gone) {
    const who = { customer: '客户', service: l.by ? staff[l.by] ?? l.by : '荣军', notice: '' }[l.from] ?? '';
    if (l.from === 'notice') return element('p', 'notice', l.text.replace(/^你/, '客户'));
    const row = element('div', `said${l.from === 'service' ? ' ours' : ''}${gone.has(l.n) ? ' gone' : ''}`);
    const menu = l.menu ? [l.menu.head_content, ...(l.menu.list ?? []).map((i) => `▸ ${(i.click ?? i.view ?? i.miniprogram ?? i.text).content}`),
      l.menu.tail_content].filter(Boolean).join('\n') : '';
    row.append(element('b', '', who), element('span', '', menu || l.text || `〔${kinds[l.type] ?? l.type}〕`));
    return row;
  }

  function show(view) {
    at('receiving').textContent = view.receiving ? '接待中' : '已停止接待';
    at('receive').textContent = view.receiving ? '停止接待' : '开始接待';
    at('sessions').replaceChildren(...view.sessions.map(sessionRow));
    at('client-state').textContent = view.mine ? '我在接待' : view.by ? `${staff[view.by] ?? view.by}在接待` : names[view.state];
    at('pick').disabled = view.mine;
    at('pass').disabled = !view.mine;
    at('end').disabled = view.state !== 3;
    const mayWrite = view.mine || view.state === 4;
    at('client-text').disabled = !mayWrite;
    at('client-text').placeholder = mayWrite ? '以接待人员的身份写' : '接过来以后才能写';
    at('client-form').querySelector('button').disabled = !mayWrite;
    const gone = new Set(view.lines.map((l) => l.recalls).filter(Boolean));
    const talk = at('talk');
    talk.replaceChildren(...view.lines.map((l) => saidRow(l, gone)));
    talk.scrollTop = talk.scrollHeight;
    last = view;
  }

  const source = new EventSource(`client/events?${new URLSearchParams({ customer, account })}`);
  source.addEventListener('view', (e) => show(JSON.parse(e.data)));

  at('receive').addEventListener('click', () => send('receive', { text: last?.receiving ? 'off' : 'on' }));
  at('pick').addEventListener('click', () => send('pick'));
  at('pass').addEventListener('click', () => send('pass'));
  at('end').addEventListener('click', () => send('end'));
  const writing = at('client-text');
  at('client-form').addEventListener('submit', async (e) => {
    e.preventDefault();
    const text = writing.value.trim();
    if (text && await send('say', { text })) writing.value = '';
    writing.focus();
  });
  writing.addEventListener('keydown', (e) => {
    if (e.key === 'Enter' && !e.shiftKey && !e.isComposing) {
      e.preventDefault();
      at('client-form').requestSubmit();
    }
  });
  for (const button of document.querySelectorAll('.kinds button')) {
    button.addEventListener('click', () => {
      if ('enter' in button.dataset) post('enter', {});
      else post('send', { kind: button.dataset.kind });
    });
  }
}
